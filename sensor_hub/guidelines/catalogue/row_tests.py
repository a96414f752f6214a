"""Which tests stand for which row of the source texts; written by ``make rules-page``, never by hand."""

from typing import Final

# fmt: off

ROW_TESTS: Final[dict[str, tuple[str, ...]]] = {
}
