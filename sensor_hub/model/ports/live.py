"""What a page that is kept open needs: squads, marks on findings, sensors of edges, newcomers, who is told outside."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Protocol

from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.gait import Mount, Side
from sensor_hub.model.mark import FindingMark
from sensor_hub.model.newcomer import SimulatedSquad
from sensor_hub.model.notifying import AddresseeView
from sensor_hub.model.sensor_view import EdgeView, HeardSensor, SensorCheck, SensorView
from sensor_hub.model.squad import Squad


class Squads(Protocol):
    """Named groups of athletes; RegistryError says why one cannot be."""

    def all(self) -> list[Squad]:
        """Every squad by name."""
        ...

    def add(self, name: str, athletes: Sequence[str] = ()) -> Squad:
        """Make one; the name must be new, whatever its case."""
        ...

    def change(
        self,
        squad: str,
        *,
        name: str | None = None,
        athletes: Sequence[str] | None = None,
        joining: Sequence[str] = (),
        leaving: Sequence[str] = (),
    ) -> Squad:
        """Rename it, say anew who is in it, or who comes in and who goes; two who do the last at once both have it."""
        ...

    def remove(self, squad: str) -> None:
        """Let go of the group; its athletes stay."""
        ...


class Marks(Protocol):
    """What people did with findings. A mark changes what is shown and told, never what is found."""

    def of(self, athlete: str) -> Mapping[str, FindingMark]:
        """Every mark of an athlete's findings, by the finding's id."""
        ...

    def acknowledge(self, finding: Finding, *, by: str) -> FindingMark:
        """Say that somebody has seen it; it is shown on, quietly, until its level rises."""
        ...

    def snooze(self, finding: Finding, until_utc: datetime, *, by: str) -> FindingMark:
        """Show it quietly until then."""
        ...

    def unmark(self, finding: Finding, *, by: str) -> None:
        """Take the mark back."""
        ...


class Sensors(Protocol):
    """Sensors that this hub knows, and what its edges can be asked; EdgeError where an edge does not answer."""

    def all(self, athlete: str | None = None) -> list[SensorView]:
        """Every sensor that is paired here or was heard of; of one athlete those they wear now or that are theirs."""
        ...

    def edges(self) -> list[EdgeView]:
        """Every edge that has said how it is, those that are ready and take requests first."""
        ...

    def scan(self, gw: str, seconds: float) -> list[HeardSensor]:
        """Ask an edge what it hears; takes as long as it listens."""
        ...

    def pair(
        self, gw: str, key: str, athlete: str | None, *, side: Side, mount: Mount | None, name: str | None = None
    ) -> SensorView:
        """Have an edge pair what it heard, for an athlete, or with None for the box."""
        ...

    def unpair(self, gw: str, device: str) -> None:
        """Have an edge let go of a sensor."""
        ...

    def check(self, gw: str, device: str, seconds: float) -> SensorCheck:
        """Have an edge look whether a sensor is fit for a run."""
        ...


class Newcomers(Protocol):
    """How an empty hub gets its first people."""

    def add(self, name: str, zone: str, *, mass_kg: float | None = None, height_m: float | None = None) -> Athlete:
        """Add an athlete; RegistryError if the name is taken or a value is out of range."""
        ...

    def simulated(self) -> SimulatedSquad:
        """How it stands with the simulated runners of this hub."""
        ...

    def invite_simulated_squad(self) -> int:
        """Fill the hub with simulated runners, labelled as such, with a history, and let some run; return how many.

        Called again it lets them run once more, and adds none. RegistryError while they come or go. It takes seconds.
        """
        ...

    def dismiss_simulated_squad(self) -> int:
        """Let every simulated runner go with all that was stored of them; return how many. RegistryError as above."""
        ...


class Addressees(Protocol):
    """Who is told outside the pages. What is returned here never shows a url; adding and trying out take seconds."""

    def of_athlete(self, athlete: str) -> list[AddresseeView]:
        """Those of a runner."""
        ...

    def of_coach(self, account: str | None) -> list[AddresseeView]:
        """Those of a coach; None: of who coaches where nobody has an account."""
        ...

    def find(self, addressee: str) -> AddresseeView | None:
        """One of anybody's; None if it is gone."""
        ...

    def add(
        self, url: str, label: str, zone: str, *, athlete: str | None = None, account: str | None = None,
        quiet_from: time | None = None, quiet_until: time | None = None, numbers: bool = False,
    ) -> AddresseeView:  # fmt: skip
        """Add one; NotifyError, which never shows the url, if nobody could be told there."""
        ...

    def remove(self, addressee: str) -> None:
        """Tell nobody there any more."""
        ...

    def try_out(self, addressee: str) -> None:
        """Send a message that says it is a test; NotifyError if it was refused."""
        ...
