"""The style sheets: all of them reach every page, so what one page says of its own must not hold on another."""

import re
from collections import defaultdict
from pathlib import Path
from typing import Final

SHEETS: Final = Path(__file__).parents[3] / "sensor_hub" / "adapters" / "web" / "styles"


def rules(text: str) -> list[tuple[str, str]]:
    """(what it stands within, selector) of every rule."""
    found, within = [], ""
    bare = re.sub(r"/\*.*?\*/|@page[^{]*\{[^}]*\}|:not\([^)]*\)", "", text, flags=re.S)
    for mark, selectors in re.findall(r"(@[^{;]+\{)|([^{}@]+)\{[^{}]*\}|\}", bare):
        within = mark if mark else within if selectors else ""
        found += [(within, " ".join(one.split())) for one in selectors.split(",") if one.strip()]
    return found


def test_a_class_alone_is_given_its_look_by_one_sheet() -> None:
    sheets: dict[tuple[str, str], set[str]] = defaultdict(set)
    for path in SHEETS.glob("*.css"):
        for within, selector in rules(path.read_text(encoding="utf-8")):
            if re.fullmatch(r"\.[\w-]+", selector):
                sheets[within, selector].add(path.name)
    assert ("", ".card") in sheets
    assert {rule: names for rule, names in sheets.items() if len(names) > 1} == {}


def test_only_the_report_lies_on_its_side_on_paper() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in SHEETS.glob("*.css"))
    assert re.findall(r"@page *(\w*) *\{[^}]*landscape", text) == ["report"]
