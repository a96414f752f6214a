"""Load in words: today and this week as a table, one run piece by piece; the simple first, the rest folded."""

from collections.abc import Sequence
from typing import Final

from sensor_hub import words
from sensor_hub.adapters.web import run_labels
from sensor_hub.adapters.web.elements import Tag, fill_table, table, unbroken
from sensor_hub.model.load import LoadStatus
from sensor_hub.model.session import SessionHeader, SessionSummary

PART: Final = " · "


def facts_of(summary: SessionSummary) -> list[words.LoadFact]:
    """What a session's load consists of."""
    h: SessionHeader = summary.header
    made = words.MadeBy(h.tier, h.model, h.reference, h.instrument, h.surface, h.ledger, summary.source)
    return words.load_facts(summary.totals, made)


class SumsCard:
    """Today and this week, with what they are measured by, and the change of a sensor while it is learned."""

    def __init__(self) -> None:
        with Tag("section", classes="card", aria_labelledby="sums-title", data_testid="sums"):
            Tag("h2", run_labels.sums_title(), id="sums-title")
            self._bridging = Tag("p", classes="bridging", data_testid="bridging")
            self._rows = table(run_labels.sums_title(), run_labels.sums_header())
            self._reason = Tag("p", classes="muted", data_testid="sums-reason")
            self._by = Tag("p", classes="muted", data_testid="measured-by")
            Tag("p", unbroken(words.range_text()), "muted")

    def show(self, load: LoadStatus) -> None:
        """Show an athlete's load."""
        bridging = words.bridging_sentence(load.bridging)
        self._bridging.set_text(bridging)
        self._bridging.set_visibility(bool(bridging))
        fill_table(self._rows, [_in_two_lines(row) for row in words.sum_rows(load.today, load.week)])
        reason = words.sums_reason(load.week) or words.sums_reason(load.today)
        self._reason.set_text(reason)
        self._reason.set_visibility(bool(reason))
        known = load.model is not None and load.reference is not None
        self._by.set_visibility(known)
        if load.model is not None and load.reference is not None:
            model = words.model_label(load.model, load.reference)
            self._by.set_text(run_labels.measured_by(words.instrument_text(load.instrument or ""), model))


def _in_two_lines(row: list[str]) -> list[str]:
    """The name as it is; of each sum the range under the value, so that neither is broken."""
    name, *sums = row
    return [unbroken(name), *(cell.replace(", ", "\n") for cell in sums)]


class FactsCard:
    """One run: the first facts as they stand, the others behind "More numbers"."""

    def __init__(self, title: str, *, is_open: bool = False) -> None:
        with Tag("section", classes="card", aria_labelledby="facts-title", data_testid="facts") as self.box:
            self._title = Tag("h2", title, id="facts-title")
            self._first = Tag("dl", classes="facts")
            attributes = {"open": ""} if is_open else {}
            with Tag("details", classes="more", data_testid="more-facts", **attributes):
                Tag("summary", run_labels.more_facts())
                self._more = Tag("dl", classes="facts")
            self._link = Tag("a", run_labels.all_numbers(), "more-link", data_testid="session-link")
        self._shown: dict[str, tuple[Tag, Tag]] = {}

    def show(self, title: str, facts: Sequence[words.LoadFact], sid: str | None = None) -> None:
        """Show the facts of a run; sid : of the page with all of them, None where that is this page."""
        self._title.set_text(title)
        self._link.set_visibility(sid is not None)
        if sid is not None:
            self._link.put(href=f"/session/{sid}")
        if list(self._shown) != [fact.key for fact in facts]:
            self._make(facts)
        for fact in facts:
            text, note = self._shown[fact.key]
            _show_parts(text, fact.text)
            note.set_text(unbroken(fact.note))

    def _make(self, facts: Sequence[words.LoadFact]) -> None:
        self._first.clear()
        self._more.clear()
        self._shown = {}
        for fact in facts:
            with self._first if fact.first else self._more, Tag("div", data_testid=f"fact-{fact.key}"):
                Tag("dt", fact.name)
                with Tag("dd"):
                    self._shown[fact.key] = Tag("span", classes="fact-text"), Tag("span", classes="fact-note")


def _show_parts(box: Tag, text: str) -> None:
    """Show "left 6.5 eq-km · right 6.3 eq-km" so that a line ends between the parts only."""
    parts = text.split(PART)
    shown = [child for child in box if isinstance(child, Tag)]
    if len(shown) != len(parts):
        box.clear()
        with box:
            shown = [Tag("span", classes="part") for _ in parts]
    for i, (span, part) in enumerate(zip(shown, parts, strict=True)):
        span.set_text(unbroken(part) if i + 1 == len(parts) else f"{unbroken(part)}{PART}")


class RunLinks:
    """The runs of the last days, a link each to the page with all its numbers."""

    def __init__(self) -> None:
        with Tag("details", classes="runs", data_testid="run-links") as self._box:
            Tag("summary", run_labels.run_links())
            self._list = Tag("ul")
        self._links: dict[str, Tag] = {}

    def show(self, links: Sequence[tuple[str, str]]) -> None:
        """Show links, (session id, text) each."""
        self._box.set_visibility(bool(links))
        if list(self._links) != [sid for sid, _text in links]:
            self._list.clear()
            self._links = {}
            for sid, _text in links:
                with self._list, Tag("li"):
                    self._links[sid] = Tag("a", href=f"/session/{sid}")
        for sid, text in links:
            self._links[sid].set_text(unbroken(text))
