"""Squads in memory: at first one, with Mia and Jonas in it, and one with nobody."""

from collections.abc import Sequence
from dataclasses import replace

from sensor_hub.errors import RegistryError
from sensor_hub.model.squad import Squad


class ScriptedSquads:
    """A Squads port over a list."""

    def __init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        """Have those of the beginning."""
        self.held = {"sprint": Squad("sprint", "Sprint", ("mia", "jon")), "empty": Squad("empty", "Empty")}

    def all(self) -> list[Squad]:
        return sorted(self.held.values(), key=lambda squad: squad.name.casefold())

    def add(self, name: str, athletes: Sequence[str] = ()) -> Squad:
        if name.casefold() in {squad.name.casefold() for squad in self.held.values()}:
            raise RegistryError(f"there is a squad {name!r} already: give another name")
        made = Squad(name.casefold(), name, tuple(athletes))
        self.held[made.id] = made
        return made

    def change(
        self,
        squad: str,
        *,
        name: str | None = None,
        athletes: Sequence[str] | None = None,
        joining: Sequence[str] = (),
        leaving: Sequence[str] = (),
    ) -> Squad:
        held = self.held[squad]
        members = held.athletes if athletes is None else tuple(athletes)
        members = tuple(who for who in dict.fromkeys((*members, *joining)) if who not in leaving)
        self.held[squad] = replace(held, name=name or held.name, athletes=members)
        return self.held[squad]

    def remove(self, squad: str) -> None:
        del self.held[squad]
