"""First people that are only a script: it notes who was added, and a squad that comes and goes at once."""

from dataclasses import replace

from sensor_hub.errors import RegistryError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.newcomer import SimulatedSquad


class ScriptedNewcomers:
    """``refused`` is the next RegistryError; ``squad`` what is said of the simulated runners."""

    def __init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        self.added: list[Athlete] = []
        self.refused: str | None = None
        self.squad = SimulatedSquad()

    def add(self, name: str, zone: str, *, mass_kg: float | None = None, height_m: float | None = None) -> Athlete:
        if self.refused is not None:
            problem, self.refused = self.refused, None
            raise RegistryError(problem)
        self.added.append(Athlete(f"new{len(self.added)}", name, zone, mass_kg=mass_kg, height_m=height_m))
        return self.added[-1]

    def simulated(self) -> SimulatedSquad:
        return self.squad

    def invite_simulated_squad(self) -> int:
        self.squad = replace(self.squad, n_athletes=6, n_running=3)
        return 6

    def dismiss_simulated_squad(self) -> int:
        self.squad = SimulatedSquad()
        return 6
