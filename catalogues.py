"""The catalogues of sentences: gathered from the program for translators, compiled for a wheel.

``python catalogues.py extract`` or ``compile``; building a wheel compiles too (hatch calls ``CustomBuildHook``).
"""

import sys
from pathlib import Path
from typing import Any, Final

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT: Final = Path(__file__).parent
DOMAIN: Final = "sensor_hub"
LOCALE: Final = ROOT / DOMAIN / "locale"
KEYWORDS: Final = {"_": None, "translate": None, "_n": (1, 2), "translate_n": (1, 2)}


def gathered(root: Path = ROOT) -> Catalog:
    """Return every sentence of the program, in the order of the modules it stands in."""
    catalog = Catalog(project="sensor_hub", charset="utf-8", fuzzy=False)
    found = extract_from_dir(root / DOMAIN, [("**.py", "python")], keywords=KEYWORDS)
    for module, _line, message, _comments, context in found:
        # Without lines of the code: they would change with every commit.
        catalog.add(message, locations=[(f"{DOMAIN}/{Path(module).as_posix()}", 0)], context=context)
    return catalog


def extract() -> None:
    """Write the template, and bring every language up to it; what is no longer said is left out."""
    LOCALE.mkdir(exist_ok=True)
    template = gathered()
    _write(LOCALE / f"{DOMAIN}.pot", template)
    for path in translated():
        with path.open("rb") as file:
            catalog = read_po(file, locale=path.parents[1].name)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        _write(path, catalog)


def translated(locale: Path = LOCALE) -> list[Path]:
    """Return the catalogue of each language."""
    return sorted(locale.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def compile_all(locale: Path = LOCALE) -> list[Path]:
    """Compile the catalogue of each language beside it; return what was written."""
    written = []
    for path in translated(locale):
        with path.open("rb") as source:
            catalog = read_po(source, locale=path.parents[1].name)
        compiled = path.with_suffix(".mo")
        with compiled.open("wb") as file:
            write_mo(file, catalog)
        written.append(compiled)
    return written


def _write(path: Path, catalog: Catalog) -> None:
    with path.open("wb") as file:
        write_po(file, catalog, width=0, sort_by_file=True, omit_header=path.suffix == ".pot", include_lineno=False)


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # only a build has hatchling
    pass
else:

    class CustomBuildHook(BuildHookInterface):  # type: ignore[misc]
        """What hatch calls before it puts a wheel together."""

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            """Compile the catalogues."""
            compile_all()


if __name__ == "__main__":
    if sys.argv[1:] == ["extract"]:
        extract()
    elif sys.argv[1:] == ["compile"]:
        compile_all()
    else:
        sys.exit(__doc__)
