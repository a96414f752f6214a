"""First people of a hub as one asker may add them."""

from sensor_hub.adapters.web.rights import Rights
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.newcomer import SimulatedSquad
from sensor_hub.model.ports.live import Newcomers


class SeenNewcomers:
    """Only for who may add athletes; asked anew each time, as a page stays open for hours."""

    def __init__(self, newcomers: Newcomers, rights: Rights) -> None:
        self._newcomers, self._rights = newcomers, rights

    def add(self, name: str, zone: str, *, mass_kg: float | None = None, height_m: float | None = None) -> Athlete:
        """Add an athlete."""
        self._rights.demand("add-athlete")
        return self._newcomers.add(name, zone, mass_kg=mass_kg, height_m=height_m)

    def simulated(self) -> SimulatedSquad:
        """How it stands with the simulated runners."""
        self._rights.demand("add-athlete")
        return self._newcomers.simulated()

    def invite_simulated_squad(self) -> int:
        """Fill the hub with them."""
        self._rights.demand("add-athlete")
        return self._newcomers.invite_simulated_squad()

    def dismiss_simulated_squad(self) -> int:
        """Let them go."""
        self._rights.demand("add-athlete")
        return self._newcomers.dismiss_simulated_squad()
