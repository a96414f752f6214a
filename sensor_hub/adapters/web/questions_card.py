"""What only the runner knows: one run or two, rested or not recorded."""

from collections.abc import Callable

from sensor_hub.adapters.web import keeping_labels as labels
from sensor_hub.adapters.web.editor import Editor
from sensor_hub.adapters.web.elements import Tag, unbroken
from sensor_hub.model.edit import DayMark, Distinct, Link, MarkDays, SourceKind
from sensor_hub.model.history import HistoryView, Offer, OpenDays
from sensor_hub.model.session import SessionSummary
from sensor_hub.words.edits import Names
from sensor_hub.words.standings import offer_sentence, open_days_sentence


class QuestionsCard:
    """The questions, each with its answers as buttons; hidden without any. editor : None where nothing is taken."""

    def __init__(self, editor: Editor | None, source_kind: Callable[[SessionSummary], SourceKind]) -> None:
        self._editor, self._source_kind = editor, source_kind
        self._shown: object = None
        with Tag("section", classes="card asks", aria_labelledby="asks-title", data_testid="asks") as self._box:
            Tag("h2", labels.open_questions(), id="asks-title")
            self._list = Tag("ul", classes="ask-list")

    def show(self, history: HistoryView, names: Names) -> None:
        """Show what is open."""
        self._box.set_visibility(bool(history.offers or history.open_days))
        asked = (history.offers, history.open_days, names.sessions)
        if asked == self._shown:
            return
        self._shown = asked
        kinds = {sid: self._source_kind(summary) for sid, summary in names.sessions.items()}
        self._list.clear()
        with self._list:
            for offer in history.offers:
                self._offer(offer, offer_sentence(offer, names, kinds))
            for days in history.open_days:
                self._days(days)

    def _offer(self, offer: Offer, sentence: str) -> None:
        with Tag("li", data_testid=f"offer-{offer.counts}"):
            Tag("p", unbroken(sentence))
            if self._editor is not None:
                editor = self._editor
                with Tag("div", classes="row"):
                    same = Tag("button", labels.same_run(), "button", type="button", data_testid="same-run")
                    same.on("click", lambda: editor.make(Link(offer.sids)))
                    two = Tag("button", labels.different_runs(), "button", type="button", data_testid="different-runs")
                    two.on("click", lambda: editor.make(Distinct(offer.sids)))

    def _days(self, days: OpenDays) -> None:
        with Tag("li", data_testid=f"days-{days.first.isoformat()}"):
            Tag("p", open_days_sentence(days))
            if self._editor is not None:
                with Tag("div", classes="row"):
                    self._answer(days, "rested", labels.rested())
                    self._answer(days, "not-recorded", labels.not_recorded())

    def _answer(self, days: OpenDays, mark: DayMark, text: str) -> None:
        editor = self._editor
        if editor is not None:
            button = Tag("button", text, "button", type="button", data_testid=mark)
            button.on("click", lambda: editor.make(MarkDays(days.first, days.last, mark)))
