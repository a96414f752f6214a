"""Making an edit from a page: checked and judged by the hub, told in a bar at the foot, with undo beside it."""

from collections.abc import Awaitable, Callable

from nicegui import run

from sensor_hub.adapters.web import keeping_labels as labels
from sensor_hub.adapters.web.elements import Tag, unbroken
from sensor_hub.errors import SensorHubError
from sensor_hub.model.edit import Edit
from sensor_hub.model.finding import Finding
from sensor_hub.model.history import HistoryView
from sensor_hub.model.ports import HubView, Keeping, Outcome
from sensor_hub.words.edits import Names, edit_sentence
from sensor_hub.words.standings import findings_summary

BY = "page"


class OutcomeBar:
    """What the last edit did, with undo; it stands at the foot of the window until it is put away."""

    def __init__(self) -> None:
        with Tag("div", classes="outcome", data_testid="outcome") as self._box:
            self._text = Tag("p", role="status", aria_live="polite", data_testid="outcome-text")
            with Tag("div", classes="row"):
                self._undo = Tag("button", labels.undo(), "button", type="button", data_testid="outcome-undo")
                close = Tag("button", labels.put_away(), "button plain", type="button", data_testid="outcome-close")
        self._box.set_visibility(False)
        close.on("click", self.hide)

    def hide(self) -> None:
        """Put it away."""
        self._box.set_visibility(False)

    def on_undo(self, undo: Callable[[], object]) -> None:
        """Say what the button does."""
        self._undo.on("click", undo)

    def show(self, text: str, *, can_undo: bool, refused: bool = False) -> None:
        """Show a sentence."""
        self._box.put_classes("outcome refused" if refused else "outcome")
        self._box.set_visibility(True)
        self._text.set_text(unbroken(text))
        self._undo.set_visibility(can_undo)


class Editor:
    """Edits of one athlete's history. on_change : called when something was changed, to show it."""

    def __init__(
        self,
        view: HubView,
        keeping: Keeping,
        athlete: str,
        names: Callable[[], Names],
        on_change: Callable[[], Awaitable[object]],
    ) -> None:
        self.view, self.athlete = view, athlete
        self._keeping, self._names, self._on_change = keeping, names, on_change
        self._last: tuple[str, ...] = ()
        self._under_way: set[object] = set()
        self.bar = OutcomeBar()
        self.bar.on_undo(self._undo_last)

    def history(self) -> HistoryView:
        """The history as it stands; a SensorHubError where it cannot be read."""
        return self._keeping.history(self.athlete)

    async def make(self, *edits: Edit) -> bool:
        """Make edits, all or none; False if they were refused, which the bar says."""
        if edits in self._under_way:  # a second tap on the same button
            return False
        before = self._findings()
        self._under_way.add(edits)
        try:
            outcome = await self._asked(self._keeping.edit, self.athlete, edits, by=BY)
        finally:
            self._under_way.discard(edits)
        if outcome is None:
            return False
        self._last = tuple(entry.id for entry in outcome.entries)
        said = " ".join(edit_sentence(edit, self._names()) for edit in edits)
        self.bar.show(f"{said} {findings_summary(outcome.findings, before)}", can_undo=bool(self._last))
        await self._on_change()
        return True

    async def undo(self, entry: str, *, again: bool = False) -> bool:
        """Take an entry back, or do an undone one again."""
        if entry in self._under_way:  # a second tap on the same button
            return False
        before = self._findings()
        self._under_way.add(entry)
        try:
            outcome = await self._asked(self._turned, entry, again)
        finally:
            self._under_way.discard(entry)
        if outcome is None:
            return False
        self._last = ()
        said = labels.done_again() if again else labels.taken_back()
        self.bar.show(f"{said} {findings_summary(outcome.findings, before)}", can_undo=False)
        await self._on_change()
        return True

    def _turned(self, entry: str, again: bool) -> Outcome:
        """Ask for it unless it is so already: somebody may have done it since the page was drawn."""
        if (entry in self.history().undone) is not again:
            return Outcome((), (), ())
        return self._keeping.undo(self.athlete, by=BY, entry=entry)

    async def _undo_last(self) -> None:
        entries, self._last = self._last[::-1], ()
        for entry in entries:
            if not await self.undo(entry):
                return

    def _findings(self) -> dict[str, Finding]:
        try:
            return {f.key: f for f in self.view.findings() if f.athlete == self.athlete}
        except SensorHubError:  # the edit itself will say what is wrong
            return {}

    async def _asked(self, ask: Callable[..., Outcome], *args: object, **more: object) -> Outcome | None:
        try:
            outcome: Outcome | None = await run.io_bound(ask, *args, **more)
        except SensorHubError as problem:
            self.bar.show(labels.refused(str(problem)), can_undo=False, refused=True)
            return None
        return outcome
