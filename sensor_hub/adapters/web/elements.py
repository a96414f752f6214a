"""Plain HTML elements on NiceGUI: made once, changed in place, sent to the browser only when something changed."""

import re
from typing import Final

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from sensor_hub.adapters.web.installing import HEAD

_NUMBER_AND_UNIT: Final = re.compile(r"(?<=\d) (?=%|km|mi\b|eq-km|eq-mi|mph|ft|BW·s|days|full)")


def unbroken(text: str) -> str:
    """The text with spaces that keep a number and its unit on one line."""
    return _NUMBER_AND_UNIT.sub("\u00a0", text)


class Tag(TextElement):
    """An HTML element with text; attributes as keywords, ``data_testid`` stands for ``data-testid``."""

    def __init__(self, name: str, /, text: str = "", classes: str = "", **attributes: str) -> None:
        super().__init__(tag=name, text=text)
        if classes:
            self.classes(classes)
        self.put(**attributes)

    def put(self, **attributes: str | None) -> None:
        """Set attributes, or remove those that are None."""
        for keyword, value in attributes.items():
            key = keyword.replace("_", "-")
            if self.props.get(key) == value:
                continue
            if value is None:
                del self.props[key]
            else:
                self.props[key] = value

    def put_classes(self, classes: str) -> None:
        """Have exactly these classes."""
        self.classes(replace=classes)

    def put_style(self, style: str) -> None:
        """Have exactly this inline style."""
        self.style(replace=style)


def table(caption: str, header: list[str]) -> Tag:
    """A table with its header row; returns the body for ``fill_table``."""
    # Focusable, so that a keyboard can scroll a table that is wider than the screen.
    with Tag("div", classes="table-scroll", tabindex="0", role="region", aria_label=caption), Tag("table"):
        Tag("caption", caption)
        with Tag("thead"), Tag("tr"):
            for text in header:
                Tag("th", text, scope="col")
        return Tag("tbody")


def fill_table(body: Tag, rows: list[list[str]]) -> None:
    """Show these rows; cells are reused while the shape stays."""
    old = [[cell for cell in row if isinstance(cell, Tag)] for row in body]
    if [len(row) for row in old] != [len(row) for row in rows]:
        body.clear()
        with body:
            for row in rows:
                with Tag("tr"):
                    for i, text in enumerate(row):
                        Tag("th", text, scope="row") if i == 0 else Tag("td", text)
        return
    for cells, row in zip(old, rows, strict=True):
        for cell, text in zip(cells, row, strict=True):
            cell.set_text(text)


def page_head(style_url: str) -> None:
    """Link the look and define what charts and colour schemes need in the browser."""
    ui.add_head_html(
        f'<link rel="stylesheet" href="{style_url}">'
        '<meta name="theme-color" media="(prefers-color-scheme: light)" content="#f3f4f0">'
        '<meta name="theme-color" media="(prefers-color-scheme: dark)" content="#0c1013">'
        '<meta name="referrer" content="no-referrer">'
        f"{HEAD}"
        "<script>window.hubColour = (name) => getComputedStyle(document.documentElement)"
        ".getPropertyValue(name).trim();"
        "matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => emitEvent('hub-scheme'));"
        "</script>"
    )
