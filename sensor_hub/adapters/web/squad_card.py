"""One squad on the page of squads: who is in it, and the form that changes it."""

from collections.abc import Awaitable, Callable
from typing import Final

from nicegui.events import GenericEventArguments

from sensor_hub.adapters.web import coach_labels as labels
from sensor_hub.adapters.web import keeping_labels
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.forms import Choices, Fields, Form, text_field, tick_field
from sensor_hub.model.ports import Squads
from sensor_hub.model.squad import Squad

_MEMBER: Final = "in-"  # before an athlete's pseudonym, the name of a box to tick


class SquadCard:
    """Changed in place. What is ticked in its open form stays while others change the squad; neither undoes the other.

    do : has something done to the squads off the loop, then says a sentence and shows how it is.
    """

    def __init__(
        self,
        squads: Squads,
        squad: Squad,
        people: Choices,
        do: Callable[[Callable[[], object], str], Awaitable[None]],
        *,
        may_change: bool,
    ) -> None:
        self._squads, self._do = squads, do
        self._squad, self._people = squad, people
        self._offered: tuple[Squad, Choices] | None = None
        self._is_open = False
        self._forms: Tag | None = None
        with Tag("article", classes="card squad", data_testid=f"squad-{squad.id}") as self.box:
            self._title = Tag("h2", squad.name)
            self._members = Tag("p", data_testid="members")
            Tag("a", labels.show_squad(), "more-link", href=f"/?squad={squad.id}")
            if may_change:
                with Tag("details") as box:
                    Tag("summary", labels.change_squad())
                    self._forms = Tag("div")
                box.on("toggle", self._toggled, js_handler="(e) => emit(e.target.open)")
        self.show(squad, people)

    def show(self, squad: Squad, people: Choices) -> None:
        """Show the squad as it is now; an open form waits until it is sent or folded."""
        self._squad, self._people = squad, people
        self._title.set_text(squad.name)
        names = [name for who, name in people if who in squad.athletes]
        self._members.set_text(", ".join(names) or labels.empty_squad())
        if not self._is_open:
            self._offer()

    def _toggled(self, event: GenericEventArguments) -> None:
        self._is_open = bool(event.args)
        if not self._is_open:
            self._offer()

    def _offer(self) -> None:
        """Make the forms of what is so now."""
        if self._forms is None or self._offered == (self._squad, self._people):
            return
        self._offered = squad, people = self._squad, self._people
        self._forms.clear()
        with self._forms:
            with Form(f"change-{squad.id}", lambda fields: self._change(squad, fields)) as form:
                text_field(labels.squad_name(), "name", value=squad.name, maxlength="60")
                for who, name in people:
                    tick_field(name, f"{_MEMBER}{who}", ticked=who in squad.athletes)
            form.send_button(keeping_labels.save())
            with Form(f"remove-{squad.id}", lambda _fields: self._remove(squad)) as form:
                Tag("p", labels.removing_squad(), "muted")
            form.send_button(labels.remove_squad())

    async def _change(self, offered: Squad, fields: Fields) -> bool:
        name = fields.get("name", "")
        ticked = {key.removeprefix(_MEMBER) for key in fields if key.startswith(_MEMBER)}
        # What was changed here, not how the boxes stand: somebody else may have changed others meanwhile.
        coming, going = sorted(ticked - set(offered.athletes)), sorted(set(offered.athletes) - ticked)
        new_name = None if name == offered.name else name
        await self._do(
            lambda: self._squads.change(offered.id, name=new_name, joining=coming, leaving=going),
            labels.squad_saved(name),
        )
        self._offer()
        return False

    async def _remove(self, squad: Squad) -> bool:
        await self._do(lambda: self._squads.remove(squad.id), labels.squad_removed(squad.name))
        return False
