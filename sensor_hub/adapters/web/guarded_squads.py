"""Squads as one asker may see and change them: of each, the members they know."""

from collections.abc import Sequence
from dataclasses import replace

from sensor_hub.adapters.web import coach_labels as labels
from sensor_hub.adapters.web.rights import Forbidden, NotKnown, Rights
from sensor_hub.model.ports import HubView, Squads
from sensor_hub.model.squad import Squad


class SeenSquads:
    """Squads without the athletes whom the asker may not know of; those stay in them, whoever says who is in it.

    Who does not know everybody sees the squads with somebody they know, and the empty ones, and removes none in which
    there are others.
    """

    def __init__(self, squads: Squads, view: HubView, rights: Rights) -> None:
        self._squads, self._view, self._rights = squads, view, rights

    def all(self) -> list[Squad]:
        """Every squad with somebody the asker knows, or with nobody."""
        self._rights.demand("see-squads")
        cut = [(squad, self._cut(squad)) for squad in self._squads.all()]
        return [seen for squad, seen in cut if seen.athletes or not squad.athletes]

    def add(self, name: str, athletes: Sequence[str] = ()) -> Squad:
        """Make one of people the asker knows."""
        self._rights.demand("set-squads")
        return self._cut(self._squads.add(name, [self._person(who) for who in athletes]))

    def change(
        self,
        squad: str,
        *,
        name: str | None = None,
        athletes: Sequence[str] | None = None,
        joining: Sequence[str] = (),
        leaving: Sequence[str] = (),
    ) -> Squad:
        """Rename it, or say who of those the asker knows is in it; nobody else's place is touched."""
        self._rights.demand("set-squads")
        held = self._held(squad)
        coming, going = [self._person(who) for who in joining], [self._person(who) for who in leaving]
        if athletes is not None:
            members = {self._person(who) for who in athletes}
            coming += sorted(members)
            going += [who for who in held.athletes if self._rights.knows(who) and who not in members]
        return self._cut(self._squads.change(held.id, name=name, joining=coming, leaving=going))

    def remove(self, squad: str) -> None:
        """Let go of a group in which there is nobody else's athlete."""
        self._rights.demand("set-squads")
        held = self._held(squad)
        if not all(self._rights.knows(who) for who in held.athletes):
            raise Forbidden(labels.squad_of_others())
        self._squads.remove(held.id)

    def _held(self, squad: str) -> Squad:
        """Return a squad the asker sees, by id or name; NotKnown of any other, as of one that is not there."""
        seen = {one.id for one in self.all()}
        for one in self._squads.all():
            if one.id in seen and (one.id == squad or one.name.casefold() == squad.casefold()):
                return one
        raise NotKnown(labels.no_squad(squad))

    def _person(self, who: str) -> str:
        """Return whose id or name it is, of those the asker knows."""
        for tile in self._view.tiles():
            person = tile.athlete
            if self._rights.knows(person.id) and person.display_name.casefold() == who.casefold():
                return person.id
        return self._rights.person(who).id

    def _cut(self, squad: Squad) -> Squad:
        return replace(squad, athletes=tuple(who for who in squad.athletes if self._rights.knows(who)))
