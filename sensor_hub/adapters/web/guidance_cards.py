"""What the guidelines say, as cards: one answer to "what now", and every notice with its why."""

from typing import Final

from sensor_hub.adapters.web import guide_labels as labels
from sensor_hub.adapters.web import guide_words
from sensor_hub.adapters.web.elements import Tag, unbroken
from sensor_hub.model.guidance import Guidance, Notice, Verdict
from sensor_hub.words.days import dated

SHOWN_REASONS: Final = 5
_QUIET: Final = frozenset({"info", "unknown"})
_LOUD: Final = frozenset({"red-flag", "refer", "stop"})


class VerdictCard:
    """Shape, colour and word; the sentence; what running there may be; sports instead; the why."""

    def __init__(self) -> None:
        self._shown: Verdict | None = None
        with Tag("section", aria_label=labels.verdict_title(), data_testid="verdict") as self._box:
            with Tag("div", classes="band"):
                Tag("span", classes="shape", aria_hidden="true")
                self._word = Tag("span", classes="guide-word", data_testid="verdict-word")
            with Tag("div", classes="tile-body"):
                self._sentence = Tag("p", classes="guide-sentence", data_testid="verdict-sentence")
                self._first = Tag("p", data_testid="verdict-because")
                self._emergency = Tag("p", guide_words.emergency(), "emergency", data_testid="verdict-emergency")
                self._held = Tag("p", classes="muted", data_testid="verdict-held")
                with Tag("details", classes="why") as self._why:
                    Tag("summary", labels.why())
                    self._reasons = Tag("ul")
        self._box.set_visibility(False)

    def show(self, guidance: Guidance) -> None:
        """Show a verdict."""
        verdict = guidance.verdict
        if verdict == self._shown:
            return
        self._shown = verdict
        self._box.set_visibility(True)
        self._box.put_classes(f"tile guide guide-{verdict.standing}")
        self._box.put(data_standing=verdict.standing, role="alert" if verdict.standing == "red-flag" else None)
        self._word.set_text(guide_words.verdict_word(verdict.standing))
        self._sentence.set_text(unbroken(guide_words.verdict(verdict)))
        self._first.set_text(unbroken(guide_words.notice(verdict.because[0])) if verdict.because else "")
        self._first.set_visibility(bool(verdict.because))
        self._emergency.set_visibility(verdict.standing == "red-flag")
        held = verdict.hold_headroom
        self._held.set_text("" if held is None else labels.headroom_held(guide_words.headroom_held(held)))
        self._held.set_visibility(held is not None)
        self._why.set_visibility(bool(verdict.because))
        self._reasons.clear()
        with self._reasons:
            for line in because(verdict):
                Tag("li", unbroken(line))


class NoticeList:
    """Every notice, heaviest first: those that ask for something, each once; the rest is folded."""

    def __init__(self) -> None:
        self._shown: tuple[Notice, ...] | None = None
        with Tag("section", classes="card", aria_labelledby="notices-title", data_testid="notices"):
            Tag("h2", labels.notices_title(), id="notices-title")
            self._none = Tag("p", labels.no_notices(), "muted")
            self._list = Tag("div", classes="findings")
            with Tag("details", data_testid="more-notices") as self._more:
                self._n_more = Tag("summary")
                self._rest = Tag("div", classes="findings")

    def show(self, notices: tuple[Notice, ...]) -> None:
        """Show notices."""
        if notices == self._shown:
            return
        self._shown = notices
        self._none.set_visibility(not notices)
        first, rest = parted(notices)
        self._more.set_visibility(bool(rest))
        self._n_more.set_text(labels.more_notices(len(rest)))
        for box, shown in ((self._list, first), (self._rest, rest)):
            box.clear()
            with box:
                for notice in shown:
                    notice_card(notice)


def parted(notices: tuple[Notice, ...]) -> tuple[list[Notice], list[Notice]]:
    """Return those to show at once, the newest of each kind that asks for something, and the rest."""
    first: dict[tuple[str, str, str], Notice] = {}
    for notice in notices:
        key = (notice.rule, notice.key, str(notice.facts.get("side")))
        if notice.weight not in _QUIET and (key not in first or first[key].since < notice.since):
            first[key] = notice
    shown = list(first.values())
    return shown, [notice for notice in notices if not any(notice is one for one in shown)]


def notice_card(notice: Notice) -> None:
    """One notice with its why."""
    loud = " finding-alert" if notice.weight in _LOUD else ""
    with Tag("article", classes=f"finding{loud}", data_testid=f"notice-{notice.rule}"):
        with Tag("div", classes=f"kept-head guide guide-{notice.weight}"):
            Tag("span", classes="shape", aria_hidden="true")
            Tag("span", labels.weight_word(notice.weight), "weight-word")
        Tag("p", unbroken(guide_words.notice(notice)), "finding-text")
        with Tag("details", classes="why"):
            Tag("summary", labels.why())
            with Tag("ul"):
                reasons_of(notice)


def because(verdict: Verdict) -> list[str]:
    """What decides, a line each, and what is behind it; a reason that several share stands once."""
    first = verdict.because[:SHOWN_REASONS]
    lines = [guide_words.notice(notice) for notice in first]
    lines += [line for notice in first for line in guide_words.notice_why(notice)]
    return list(dict.fromkeys(lines))


def reasons_of(notice: Notice) -> None:
    """The lines behind a notice, into the list that is open."""
    for line in guide_words.notice_why(notice):
        Tag("li", unbroken(line))
    Tag("li", f"{labels.since(dated(notice.since))}. {labels.rows(notice.rows)}" if notice.rows
        else labels.since(dated(notice.since)))  # fmt: skip
