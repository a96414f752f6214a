"""What was changed, newest first, each with undo; what was said of days; and which source goes first."""

from typing import Final

from nicegui.events import GenericEventArguments

from sensor_hub.adapters.web import keeping_labels as labels
from sensor_hub.adapters.web.editor import Editor
from sensor_hub.adapters.web.elements import Tag, unbroken
from sensor_hub.adapters.web.forms import Fields, Form, tick_field
from sensor_hub.model.edit import Entry, MarkDays, Prefer, Undo
from sensor_hub.model.history import DaySpan, HistoryView
from sensor_hub.words.days import moment_text
from sensor_hub.words.edits import Names, edit_sentence, entry_note
from sensor_hub.words.sessions import source_word
from sensor_hub.words.standings import day_span_sentence

SHOWN: Final = 100


class JournalCard:
    """Folded. editor : None where nothing is taken."""

    def __init__(self, editor: Editor | None) -> None:
        self._editor = editor
        self._shown: object = None
        self._newest: tuple[HistoryView, Names] | None = None
        self._is_open = False
        with Tag("details", classes="card", data_testid="journal") as box:
            Tag("summary", labels.journal())
            self._list = Tag("ul", classes="journal")
        box.on("toggle", self._toggled, js_handler="(e) => emit(e.target.open)")

    def show(self, history: HistoryView, names: Names) -> None:
        """Show the newest entries; they are made when somebody wants to see them."""
        self._newest = history, names
        if self._is_open:
            self._fill(history, names)

    def _toggled(self, event: GenericEventArguments) -> None:
        self._is_open = bool(event.args)
        if self._is_open and self._newest is not None:
            self._fill(*self._newest)

    def _fill(self, history: HistoryView, names: Names) -> None:
        key = (history.journal, history.undone, history.idle, names)
        if key == self._shown:
            return
        self._shown = key
        self._list.clear()
        with self._list:
            if not history.journal:
                Tag("li", labels.journal_empty(), "muted")
            for entry in history.journal[:SHOWN]:
                self._entry(entry, history, names)
            if len(history.journal) > SHOWN:
                Tag("li", labels.journal_older(len(history.journal) - SHOWN), "muted")

    def _entry(self, entry: Entry, history: HistoryView, names: Names) -> None:
        editor, is_undone = self._editor, entry.id in history.undone
        with Tag("li", classes="entry undone" if is_undone else "entry", data_testid=f"entry-{entry.id}"):
            with Tag("div"):
                Tag("p", unbroken(edit_sentence(entry.edit, names)), "entry-text")
                when, note = moment_text(entry.made_utc.replace(second=0), names.zone), entry_note(entry, history)
                Tag("p", labels.entry_made(when, labels.made_by(entry.by), note), "muted")
            if editor is not None and not isinstance(entry.edit, Undo):
                text = labels.redo() if is_undone else labels.undo()
                button = Tag("button", text, "button small", type="button", data_testid="undo-entry")
                button.on("click", lambda: editor.undo(entry.id, again=is_undone))


class DaysCard:
    """What was said of days without a session, to be taken back; hidden where nothing was."""

    def __init__(self, editor: Editor | None) -> None:
        self._editor = editor
        self._shown: tuple[DaySpan, ...] | None = None
        with Tag("details", classes="card", data_testid="days") as self._box:
            Tag("summary", labels.days_title())
            self._list = Tag("ul", classes="journal")

    def show(self, days: tuple[DaySpan, ...]) -> None:
        """Show the answers."""
        self._box.set_visibility(bool(days))
        if days == self._shown:
            return
        self._shown = days
        self._list.clear()
        with self._list:
            for span in days[::-1]:
                with Tag("li", classes="entry"):
                    Tag("p", day_span_sentence(span), "entry-text")
                    self._take_back(span)

    def _take_back(self, span: DaySpan) -> None:
        editor = self._editor
        if editor is not None:
            button = Tag("button", labels.change_answer(), "button small", type="button", data_testid="unsay")
            button.on("click", lambda: editor.make(MarkDays(span.first, span.last, "unsaid")))


class SourcesCard:
    """Which source counts first, moved by taps; and whether to be asked."""

    def __init__(self, editor: Editor | None) -> None:
        self._editor = editor
        self._shown: Prefer | None = None
        with Tag("details", classes="card", data_testid="sources"):
            Tag("summary", labels.sources())
            Tag("p", labels.sources_note(), "muted")
            self._box = Tag("div")

    def show(self, preference: Prefer) -> None:
        """Show the order."""
        if preference == self._shown:
            return
        self._shown = preference
        self._box.clear()
        editor = self._editor
        with self._box:
            with Tag("ol", classes="sources"):
                for place, kind in enumerate(preference.order):
                    with Tag("li", classes="entry"):
                        Tag("p", f"{place + 1}. {source_word(kind)}", "entry-text")
                        if editor is not None and place > 0:
                            button = Tag(
                                "button", "↑", "button small", type="button", data_testid=f"up-{kind}",
                                aria_label=labels.move_up(source_word(kind)),
                            )  # fmt: skip
                            button.on("click", lambda _, place=place: self._move_up(preference, place))
            if editor is None:
                return

            async def ask(fields: Fields) -> bool:
                await editor.make(Prefer(preference.order, ask="ask" in fields))
                return False

            with Form("ask-form", ask) as form:
                tick_field(labels.ask(), "ask", ticked=preference.ask)
            form.send_button(labels.save())

    async def _move_up(self, preference: Prefer, place: int) -> None:
        order = list(preference.order)
        order[place - 1], order[place] = order[place], order[place - 1]
        if self._editor is not None:
            await self._editor.make(Prefer(tuple(order), preference.ask))
