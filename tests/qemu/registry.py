"""Guest: the checks, each under the sentence it claims."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from tests.qemu.stage import Daemon, Wire

Check: TypeAlias = Callable[[Wire, Daemon], Awaitable[str]]
CHECKS: Final[dict[str, Check]] = {}


def check(sentence: str) -> Callable[[Check], Check]:
    """Enter a check. What it returns is printed beside PASS; ``FailedCheckError`` is FAIL."""

    def enter(function: Check) -> Check:
        CHECKS[sentence] = function
        return function

    return enter
