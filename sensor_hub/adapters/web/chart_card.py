"""A chart with its legend, its notes and the table behind it."""

from nicegui import ui

from sensor_hub.adapters.web import labels
from sensor_hub.adapters.web.chart_frame import Options
from sensor_hub.adapters.web.elements import Tag, fill_table, table


class Chart:
    """One chart with its legend in HTML and its table for those who do not see it."""

    def __init__(self, testid: str, title: str, note: str, keys: list[tuple[str, str]], header: list[str]) -> None:
        with Tag("section", classes="card chart-card", aria_labelledby=f"{testid}-title", data_testid=testid):
            Tag("h2", title, id=f"{testid}-title")
            self._about = Tag("p", note, "muted")
            with Tag("ul", classes="legend", aria_hidden="true"):
                self._keys = {style: self._key(style, text) for style, text in keys}
            self._empty = Tag("p", labels.nothing_to_draw(), "muted nothing")
            self.chart = ui.echart({}).classes("chart")
            self.chart.props["role"] = "img"
            with Tag("div", classes="noticed", data_testid=f"{testid}-noticed") as self._noticed:
                Tag("p", labels.noticed_title(), "noticed-title")
                self._notes = Tag("ul")
            self._noticed.set_visibility(False)
            with Tag("details", classes="data"):
                Tag("summary", labels.as_table())
                self._rows = table(title, header)

    @staticmethod
    def _key(style: str, text: str) -> Tag:
        with Tag("li") as item:
            Tag("span", classes=f"key key-{style}")
            Tag("span", text)
        return item

    def show(self, options: Options, label: str, keys: set[str], rows: list[list[str]]) -> None:
        """Show the options; the label says in a sentence what the picture shows, the keys what the legend explains."""
        for style, item in self._keys.items():
            item.set_visibility(style in keys and bool(rows))
        self._empty.set_visibility(not rows)
        self.chart.set_visibility(bool(rows))
        self.chart.props["aria-label"] = label
        self.chart.props["options"] = options
        fill_table(self._rows, rows)

    def describe(self, text: str) -> None:
        """Say under the title what its lines are."""
        self._about.set_text(text)

    def note(self, lines: list[str]) -> None:
        """Show what was noticed in what is drawn, a line each."""
        self._noticed.set_visibility(bool(lines))
        self._notes.clear()
        with self._notes:
            for line in lines:
                Tag("li", line)
