"""Rows of the source texts and rules, each a list with a search; of somebody's rules, what they may set."""

from collections.abc import Awaitable, Callable
from typing import Final

from nicegui.events import GenericEventArguments

from sensor_hub.adapters.web import keeping_labels
from sensor_hub.adapters.web import rule_labels as labels
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.forms import Fields, Form, choice_field, read_number, text_field
from sensor_hub.model.diary import Said, SetRule
from sensor_hub.model.rule import RowView, RuleClass, RuleView
from sensor_hub.words.rules import class_text, family_text, grade_text, parameter_text, unknown_text

CLASSES: Final[tuple[RuleClass, ...]] = ("S", "P", "T")
Say = Callable[..., Awaitable[bool]]


class RowList:
    """Rows with a search."""

    def __init__(self, rows: tuple[RowView, ...]) -> None:
        self._rows = rows
        self._items: dict[str, Tag] = {}
        with Tag("section", classes="card", aria_labelledby="rows-title", data_testid="rows"):
            Tag("h2", labels.rows_title(), id="rows-title")
            with _search("row-search", self._filter):
                _text_search()
                _class_choice()
                states = [(one, labels.state_word(one)) for one in ("implemented", "refused")]
                choice_field(labels.state(), "state", [("", labels.everything()), *states])
            self._found = Tag("p", classes="muted", role="status", data_testid="rows-found")
            self._list = Tag("ul", classes="rule-list")

    def show(self) -> None:
        """Show all of them."""
        with self._list:
            for row in self._rows:
                self._items[row.id] = _row(row)
        self._filter({})

    def _filter(self, fields: Fields) -> None:
        n = 0
        for row in self._rows:
            text = " ".join((row.id, row.source, row.asks, row.reason, row.conflict, *row.rules))
            fits = _fits(fields, text, row.kind) and fields.get("state", "") in {"", row.state}
            self._items[row.id].set_visibility(fits)
            n += fits
        self._found.set_text(labels.found(n, len(self._rows)))


class RuleList:
    """Rules with a search; what a rule is made of is drawn when it is opened. say : None where nothing is taken."""

    def __init__(self, say: Say | None) -> None:
        self._say = say
        self._cards: dict[str, RuleCard] = {}
        self._fields: Fields = {}
        with Tag("section", classes="card", aria_labelledby="rules-title", data_testid="rules"):
            Tag("h2", labels.rules_title(), id="rules-title")
            with _search("rule-search", self._filter):
                _text_search()
                _class_choice()
            self._found = Tag("p", classes="muted", role="status", data_testid="rules-found")
            self._list = Tag("ul", classes="rule-list")

    def show(self, rules: tuple[RuleView, ...]) -> None:
        """Show rules as they are set."""
        if not self._cards:
            with self._list:
                self._cards = {rule.info.id: RuleCard(rule.info.id, self._say) for rule in rules}
        for rule in rules:
            self._cards[rule.info.id].show(rule)
        self._filter(self._fields)

    def _filter(self, fields: Fields) -> None:
        self._fields = fields
        n = sum(card.filter(fields) for card in self._cards.values())
        self._found.set_text(labels.found_rules(n, len(self._cards)))


class RuleCard:
    """One rule, folded."""

    def __init__(self, rule: str, say: Say | None) -> None:
        self._rule, self._say = rule, say
        self._view: RuleView | None = None
        self._is_open = False
        with Tag("li", data_testid=f"rule-{rule}") as self._item, Tag("details") as box:
            with Tag("summary"):
                self._title = Tag("span")
                self._state = Tag("span", classes="chip")
            self._body = Tag("div", classes="rule-list")
        box.on("toggle", self._toggled, js_handler="(e) => emit(e.target.open)")

    def show(self, view: RuleView) -> None:
        """Show the rule as it is set."""
        if view == self._view:
            return
        self._view = view
        self._title.set_text(f"{view.title} ({view.info.kind})")
        self._state.set_text(labels.alerts(view.alerts) if view.on else labels.off())
        if self._is_open:
            self._fill(view)

    def filter(self, fields: Fields) -> bool:
        """Show it only if it fits a search; return whether it does."""
        view = self._view
        if view is None:
            return False
        text = " ".join((view.info.id, view.title, *view.says, *view.info.rows))
        fits = _fits(fields, text, view.info.kind)
        self._item.set_visibility(fits)
        return fits

    def _toggled(self, event: GenericEventArguments) -> None:
        self._is_open = bool(event.args)
        if self._is_open and self._view is not None:
            self._fill(self._view)

    def _fill(self, view: RuleView) -> None:
        info = view.info
        self._body.clear()
        with self._body:
            for line in view.says:
                Tag("p", line)
            about = f"{class_text(info.kind)}, {family_text(info.family)}"
            rows = f" {labels.rows(', '.join(info.rows))}." if info.rows else ""
            Tag("p", f"{info.id}: {about}.{rows}", "muted")
            Tag("p", f"{labels.rests_on(grade_text(info.grade), info.evidence)} {unknown_text(info.grade)}", "muted")
            for parameter in info.parameters:
                Tag("p", parameter_text(parameter, view.values.get(parameter.name)), "kept-numbers")
            if self._say is not None:
                self._settings(self._say, view)

    def _settings(self, say: Say, view: RuleView) -> None:
        info = view.info

        async def send(fields: Fields) -> bool:
            said: list[Said] = []
            for parameter in info.parameters:
                value = read_number(fields.get(parameter.name, ""), parameter.name, parameter.high, parameter.low)
                now = view.values.get(parameter.name, parameter.value)
                if value != (None if now == parameter.value else now):
                    said.append(SetRule(info.id, parameter.name, value))
            if said:
                await say(*said)
            return False

        if info.parameters:
            with Form(f"set-{info.id}", send) as form:
                for parameter in info.parameters:
                    now = view.values.get(parameter.name, parameter.value)
                    text_field(
                        f"{parameter.name} {parameter.unit}".strip(), parameter.name,
                        value="" if now == parameter.value else f"{now:g}", placeholder=f"{parameter.value:g}",
                        inputmode="decimal",
                    )  # fmt: skip
                Tag("p", labels.own_value(), "muted field wide")
            form.send_button(keeping_labels.save())
        button = Tag("button", labels.switch(view.on), "button", type="button", data_testid=f"switch-{info.id}")
        button.on("click", lambda: say(SetRule(info.id, "on", 0.0 if view.on else 1.0)))


def _row(row: RowView) -> Tag:
    with Tag("li", classes="kept", data_testid=f"row-{row.id}") as item:
        with Tag("div", classes="rule-head"):
            Tag("strong", row.id)
            Tag("span", labels.state_word(row.state), "chip" if row.state == "implemented" else "chip standing")
            Tag("span", f"{row.source} · {class_text(row.kind)}", "muted")
        Tag("p", row.asks)
        about = labels.done_by(", ".join(row.rules) or "–", len(row.tests)) if row.state == "implemented" else (
            labels.refused_because(row.reason))  # fmt: skip
        Tag("p", f"{about} {labels.conflict(row.conflict)}" if row.conflict else about, "muted")
    return item


def _search(testid: str, changed: Callable[[Fields], None]) -> Form:
    async def send(fields: Fields) -> bool:
        changed(fields)
        return False

    form = Form(testid, send)
    form.props["role"] = "search"
    form.on_change(changed)
    return form


def _text_search() -> None:
    text_field(labels.search(), "text", "search")


def _class_choice() -> None:
    choice_field(labels.kind(), "kind", [("", labels.everything()), *((one, class_text(one)) for one in CLASSES)])


def _fits(fields: Fields, text: str, kind: str) -> bool:
    wanted = fields.get("text", "").casefold().split()
    return all(word in text.casefold() for word in wanted) and fields.get("kind", "") in {"", kind}
