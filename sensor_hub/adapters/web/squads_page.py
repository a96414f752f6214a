"""Squads: made, renamed, filled and removed."""

from collections.abc import Callable
from typing import Final, TypeAlias, TypeVar, cast

from nicegui import run, ui

from sensor_hub.adapters.web import coach_labels as labels
from sensor_hub.adapters.web.editor import OutcomeBar
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.forms import Choices, Fields, Form, FormError, text_field
from sensor_hub.adapters.web.frame import Frame
from sensor_hub.adapters.web.squad_card import SquadCard
from sensor_hub.errors import SensorHubError
from sensor_hub.model.ports import HubView, Squads
from sensor_hub.model.squad import Squad

T = TypeVar("T")
Shown: TypeAlias = tuple[list[Squad], Choices]
POLL_S: Final = 3.0


class SquadsPage:
    """A card a squad, by name. refusal : why nothing may be changed here, None if it may."""

    def __init__(self, view: HubView, squads: Squads, refusal: str | None) -> None:
        self._view, self._squads, self._may = view, squads, refusal is None
        self._shown: Shown | None = None
        self._cards: dict[str, SquadCard] = {}
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
        for gone in self._cards.keys() - {squad.id for squad in squads}:
            self._cards.pop(gone).box.delete()
        for place, squad in enumerate(squads):
            card = self._cards.get(squad.id)
            if card is None:
                with self._list:
                    card = SquadCard(self._squads, squad, people, self._do, may_change=self._may)
                self._cards[squad.id] = card
            else:
                card.show(squad, people)
            if self._list.default_slot.children.index(card.box) != place:
                card.box.move(self._list, target_index=place)

    async def _add(self, fields: Fields) -> bool:
        made = await self._asked(lambda: self._squads.add(fields.get("name", "")))
        self._bar.show(labels.squad_saved(made.name), can_undo=False)
        await self._look()
        return True

    async def _do(self, ask: Callable[[], object], said: str) -> None:
        """Have it done, say so, and show how it is now."""
        await self._asked(ask)
        self._bar.show(said, can_undo=False)
        await self._look()

    @staticmethod
    async def _asked(ask: Callable[[], T]) -> T:
        try:
            done = await run.io_bound(ask)
        except SensorHubError as problem:
            raise FormError(str(problem)) from None
        return cast("T", done)  # None only of a hub that is being ended
