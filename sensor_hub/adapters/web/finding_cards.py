"""Findings with their why: the highest at once, others folded; what was seen or put off; what is no longer true.

A mark changes how a finding is shown and nothing of what was found. A red flag is no finding: it stands elsewhere, and
takes no mark.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from nicegui import ui

from sensor_hub import words
from sensor_hub.adapters.web import labels, mark_labels
from sensor_hub.adapters.web.elements import Tag, unbroken
from sensor_hub.adapters.web.finding_marker import Marker
from sensor_hub.adapters.web.panels import highest
from sensor_hub.model.finding import Finding
from sensor_hub.model.mark import SNOOZES, FindingMark, is_marked

_CLOSE: Final = "(e) => { const menu = e.currentTarget.closest('details'); menu.open = false; emit(); }"
# After the page has drawn what changed: a button that is gone, or hidden, holds the keyboard no more.
_FOCUS: Final = (
    "setTimeout(() => { const at = document.activeElement;"
    " if (at === document.body || !at?.isConnected || !at.checkVisibility()) document.getElementById('%s')?.focus(); },"
    " 150)"
)


@dataclass(frozen=True, slots=True)
class Found:
    """What there is to show. because : why each withdrawn one is so, by id; zone : of the athlete, IANA."""

    standing: tuple[Finding, ...] = ()
    withdrawn: tuple[Finding, ...] = ()
    marks: Mapping[str, FindingMark] = field(default_factory=dict)
    because: Mapping[str, str] = field(default_factory=dict)
    zone: str = "UTC"


class FindingCard:
    """One finding with its why. marker : None where nobody may mark it here."""

    def __init__(self, finding: Finding, marker: Marker | None = None) -> None:
        self.finding = finding
        self._marker = marker
        with Tag("article", data_testid=f"finding-{finding.id}") as self._box:
            self._sentence = Tag("p", classes="finding-text", data_testid="finding-sentence")
            self._note = Tag("p", classes="muted finding-note", data_testid="finding-note")
            with Tag("div", classes="finding-foot"):
                with Tag("details", classes="why", data_testid="why"):
                    Tag("summary", labels.why_label())
                    self._why = Tag("ul")
                self._actions = Tag("div", classes="finding-actions")
        self._lines: list[Tag] = []
        self._is_marked: bool | None = None

    def show(self, finding: Finding, note: str = "", *, marked: bool = False) -> None:
        """Show the finding as it stands now. note : below its sentence."""
        self.finding = finding
        quiet = " finding-quiet" if marked or finding.withdrawn else ""
        self._box.put_classes(f"finding finding-{finding.severity}{quiet}")
        self._sentence.set_text(unbroken(words.finding_sentence(finding)))
        self._note.set_text(note)
        self._note.set_visibility(bool(note))
        lines = [*words.finding_why(finding), labels.finding_times(finding.first_utc, finding.updated_utc)]
        if len(lines) != len(self._lines):
            self._why.clear()
            with self._why:
                self._lines = [Tag("li") for _ in lines]
        for element, line in zip(self._lines, lines, strict=True):
            element.set_text(line)
        if self._marker is not None and not finding.withdrawn and marked != self._is_marked:
            self._is_marked = marked
            self._actions.clear()
            with self._actions:
                self._undo(self._marker) if marked else self._ways(self._marker)

    def place(self, box: Tag, index: int) -> None:
        """Stand at a place of the list."""
        self._box.move(box, index)

    def delete(self) -> None:
        """Go."""
        self._box.delete()

    def _ways(self, marker: Marker) -> None:
        headline = words.finding_headline(self.finding)

        def named(what: str) -> str:
            return mark_labels.about_finding(what, headline)

        seen = Tag(
            "button", mark_labels.seen(), "button small", type="button", data_testid="acknowledge",
            aria_label=named(mark_labels.seen()),
        )  # fmt: skip
        seen.on("click", lambda: marker.acknowledge(self.finding))
        with Tag("details", classes="menu", data_testid="snooze"):
            Tag("summary", mark_labels.later(), "button small", aria_label=named(mark_labels.later()))
            with Tag("div", classes="menu-list"):
                for choice in SNOOZES:
                    text = mark_labels.snooze(choice)
                    button = Tag("button", text, type="button", data_testid=f"snooze-{choice}")
                    button.on("click", lambda _, c=choice: marker.snooze(self.finding, c), js_handler=_CLOSE)

    def _undo(self, marker: Marker) -> None:
        text = mark_labels.take_back()
        named = mark_labels.about_finding(text, words.finding_headline(self.finding))
        button = Tag("button", text, "button small", type="button", data_testid="unmark", aria_label=named)
        button.on("click", lambda: marker.unmark(self.finding))


class _Fold:
    """Cards behind a line that says how many; hidden without any."""

    def __init__(self, testid: str, title: Callable[[int], str], marker: Marker | None) -> None:
        self._title, self._marker = title, marker
        with Tag("details", classes="finding-fold", data_testid=testid) as self.box:
            self.summary = Tag("summary")
            self._list = Tag("div", classes="findings")
        self.cards: dict[str, FindingCard] = {}

    def show(self, findings: Sequence[Finding], note: Callable[[Finding], str], *, marked: bool = False) -> None:
        """Show these."""
        self.summary.set_text(self._title(len(findings)))
        self.box.set_visibility(bool(findings))
        show_cards(self._list, self.cards, findings, self._marker)
        for finding in findings:
            self.cards[finding.id].show(finding, note(finding), marked=marked)


def show_cards(box: Tag, cards: dict[str, FindingCard], findings: Sequence[Finding], marker: Marker | None) -> None:
    """Have a card a finding, in their order; one that is there stays, so that what was opened stays open."""
    if list(cards) == [f.id for f in findings]:
        return
    for gone in cards.keys() - {f.id for f in findings}:
        cards.pop(gone).delete()
    with box:
        made = {f.id: cards.get(f.id) or FindingCard(f, marker) for f in findings}
    for i, card in enumerate(made.values()):
        card.place(box, i)
    cards.clear()
    cards.update(made)


class Findings:
    """What stands and nobody has seen, the highest first; the rest folded."""

    def __init__(self, marker: Callable[["Findings"], Marker | None] = lambda _findings: None) -> None:
        self._client = ui.context.client  # the button that asks for the focus is gone by then, and its slot with it
        with Tag("section", classes="card", aria_labelledby="findings-title", data_testid="findings-card"):
            Tag("h2", labels.findings_title(), id="findings-title")
            self._problem = Tag("p", classes="form-problem", role="alert", data_testid="mark-problem")
            self._none = Tag("p", labels.no_findings(), "muted", data_testid="no-findings")
            self._marker = marker(self)
            self._list = Tag("div", classes="findings", data_testid="findings")
            self._first: dict[str, FindingCard] = {}
            self._more = _Fold("more-findings", mark_labels.more_findings, self._marker)
            self._marked = _Fold("marked-findings", mark_labels.marked_findings, self._marker)
            self._gone = _Fold("withdrawn-findings", mark_labels.withdrawn_findings, None)
        self.complain("")

    def complain(self, problem: str) -> None:
        """Say why something was not marked; "" takes it back."""
        self._problem.set_text(problem)
        self._problem.set_visibility(bool(problem))

    def focus(self) -> None:
        """Put the keyboard where it goes on: the button that was pressed is gone."""
        self._client.run_javascript(_FOCUS % self._marked.summary.html_id)

    def show(self, found: Found, now_utc: datetime) -> None:
        """Show the findings."""
        unseen, marked = parted(found.standing, found.marks, now_utc)
        show_cards(self._list, self._first, unseen[:1], self._marker)
        for finding in unseen[:1]:
            self._first[finding.id].show(finding)
        self._more.show(unseen[1:], lambda _finding: "")
        self._marked.show(marked, lambda f: mark_note(found.marks[f.id], found.zone), marked=True)
        self._gone.show(found.withdrawn, lambda f: gone_note(f, found))
        self._none.set_text(mark_labels.nothing_new() if marked else labels.no_findings())
        self._none.set_visibility(not unseen)


def parted(
    standing: Sequence[Finding], marks: Mapping[str, FindingMark], now_utc: datetime
) -> tuple[list[Finding], list[Finding]]:
    """Return findings nobody has seen, the highest first, and those that were seen or put off."""
    still = [f for f in standing if not f.withdrawn]
    unseen = [f for f in still if not is_marked(f, marks, now_utc)]
    top = highest(tuple(unseen))
    return sorted(unseen, key=lambda f: f is not top), [f for f in still if is_marked(f, marks, now_utc)]


def mark_note(mark: FindingMark, zone: str) -> str:
    """Who saw a finding and when, or until when it was put off."""
    local = ZoneInfo(zone)
    if mark.until_utc is not None:
        return mark_labels.marked_later(mark.by, mark.until_utc.astimezone(local))
    return mark_labels.marked_seen(mark.by, mark.at_utc.astimezone(local))


def gone_note(finding: Finding, found: Found) -> str:
    """When a finding was withdrawn, and why."""
    because = found.because.get(finding.id) or mark_labels.because_history()
    return mark_labels.withdrawn_at(finding.updated_utc.astimezone(ZoneInfo(found.zone)), because)


__all__ = ["Findings", "Found", "gone_note", "mark_note", "parted"]
