"""Squads: made, renamed, filled and removed."""

from collections.abc import Callable
from typing import Final, TypeAlias, TypeVar, cast

from nicegui import run, ui

from sensor_hub.adapters.web import coach_labels as labels
from sensor_hub.adapters.web import keeping_labels
from sensor_hub.adapters.web.editor import OutcomeBar
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.forms import Choices, Fields, Form, FormError, text_field, tick_field
from sensor_hub.adapters.web.frame import Frame
from sensor_hub.errors import SensorHubError
from sensor_hub.model.ports import HubView, Squads
from sensor_hub.model.squad import Squad

T = TypeVar("T")
Shown: TypeAlias = tuple[list[Squad], Choices]
POLL_S: Final = 3.0
_MEMBER: Final = "in-"  # before an athlete's pseudonym, the name of a box to tick


class SquadsPage:
    """A card a squad; made anew when one changes. refusal : why nothing may be changed here, None if it may."""

    def __init__(self, view: HubView, squads: Squads, refusal: str | None) -> None:
        self._view, self._squads, self._may = view, squads, refusal is None
        self._shown: Shown | None = None
        self._frame = Frame(labels.squads(), back=True)
        with self._frame.body:
            Tag("p", labels.squads_note(), "muted")
            if refusal is not None:
                Tag("p", refusal, "refusal muted", data_testid="refusal")
            self._list = Tag("div", classes="grid squads", data_testid="squad-list")
            self._none = Tag("p", labels.no_squad_yet(), "muted", data_testid="no-squad")
            if self._may:
                with Tag("section", classes="card"):
                    Tag("h2", labels.new_squad())
                    with Form("add-squad", self._add) as form:
                        text_field(labels.squad_name(), "name", maxlength="60")
                    form.send_button(labels.make_squad())
            self._bar = OutcomeBar()
        self._show(self._read())
        ui.timer(POLL_S, self._look)

    def _read(self) -> Shown:
        """Return the squads and whom one may put in; reads store and registry."""
        return self._squads.all(), self._people()

    def _people(self) -> Choices:
        people = ((tile.athlete.id, tile.athlete.display_name) for tile in self._view.tiles())
        return sorted(people, key=lambda pair: pair[1].casefold())

    async def _look(self) -> None:
        try:
            found = await run.io_bound(self._read)
        except SensorHubError as problem:
            self._frame.trouble(str(problem))
            return
        if found is not None:  # else the server is going down
            self._frame.trouble(None)
            self._show(found)

    def _show(self, found: Shown) -> None:
        if found == self._shown:
            return
        self._shown = squads, people = found
        self._none.set_visibility(not squads)
        self._list.clear()
        with self._list:
            for squad in squads:
                self._card(squad, people)

    def _card(self, squad: Squad, people: Choices) -> None:
        names = [name for who, name in people if who in squad.athletes]
        with Tag("article", classes="card squad", data_testid=f"squad-{squad.id}"):
            Tag("h2", squad.name)
            Tag("p", ", ".join(names) or labels.empty_squad(), data_testid="members")
            Tag("a", labels.show_squad(), "more-link", href=f"/?squad={squad.id}")
            if not self._may:
                return
            with Tag("details"):
                Tag("summary", labels.change_squad())
                with Form(f"change-{squad.id}", lambda fields: self._change(squad, fields)) as form:
                    text_field(labels.squad_name(), "name", value=squad.name, maxlength="60")
                    for who, name in people:
                        tick_field(name, f"{_MEMBER}{who}", ticked=who in squad.athletes)
                form.send_button(keeping_labels.save())
                with Form(f"remove-{squad.id}", lambda _fields: self._remove(squad)) as form:
                    Tag("p", labels.removing_squad(), "muted")
                form.send_button(labels.remove_squad())

    async def _add(self, fields: Fields) -> bool:
        made = await self._asked(lambda: self._squads.add(fields.get("name", "")))
        self._bar.show(labels.squad_saved(made.name), can_undo=False)
        await self._look()
        return True

    async def _change(self, squad: Squad, fields: Fields) -> bool:
        name = fields.get("name", "")
        members = [key.removeprefix(_MEMBER) for key in fields if key.startswith(_MEMBER)]
        new_name = None if name == squad.name else name
        changed = await self._asked(lambda: self._squads.change(squad.id, name=new_name, athletes=members))
        self._bar.show(labels.squad_saved(changed.name), can_undo=False)
        await self._look()
        return False

    async def _remove(self, squad: Squad) -> bool:
        await self._asked(lambda: self._squads.remove(squad.id))
        self._bar.show(labels.squad_removed(squad.name), can_undo=False)
        await self._look()
        return False

    @staticmethod
    async def _asked(ask: Callable[[], T]) -> T:
        try:
            done = await run.io_bound(ask)
        except SensorHubError as problem:
            raise FormError(str(problem)) from None
        return cast("T", done)  # None only of a hub that is being ended
