"""A person's files, things and rights."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from sensor_hub.model.athlete import Shoe


@dataclass(frozen=True, slots=True)
class FilesTaken:
    """What an import of a file or an archive came to.

    counts : files by what became of each: "taken", "there already", "doubled", "no activity", "not a recording",
    "refused". notes : a sentence each for a person, such as why a file was refused.
    """

    counts: Mapping[str, int]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ErasureReceipt:
    """What an erasure came to.

    complete : nothing of the person was found by the search afterwards. lines : for a person, what was erased and
    searched, and what is out of reach. body : the whole receipt, as JSON.
    """

    complete: bool
    lines: tuple[str, ...]
    body: Mapping[str, object]


class PersonData(Protocol):
    """A person's files, things and rights, for pages and REST. Every method may take long and runs in any thread.

    Each raises a SensorHubError with a sentence for a person; then nothing has changed.
    """

    def import_file(self, athlete: str, path: str, name: str, progress: Callable[[int, int], None]) -> FilesTaken:
        """Import a file or zip that was uploaded under a name; progress is told files done and files in all."""
        ...

    def export(self, athlete: str, out: str) -> None:
        """Write everything kept of an athlete into a zip that is not there yet."""
        ...

    def erase(self, athlete: str) -> ErasureReceipt:
        """Erase everything kept of an athlete, and search for what is left."""
        ...

    def backup(self, out: str) -> None:
        """Write everything this hub keeps into a file that is not there yet."""
        ...

    def shoes(self, athlete: str) -> list[Shoe]:
        """Pairs of an athlete, also retired ones."""
        ...

    def add_shoe(self, athlete: str, name: str, *, drop_mm: float | None, start_distance_m: float) -> Shoe:
        """Add a pair. drop_mm : None is unknown. start_distance_m : run in it before it came here."""
        ...

    def change_shoe(
        self, shoe: str, *, name: str, drop_mm: float | None, start_distance_m: float, retired: bool
    ) -> Shoe:
        """Put a pair right, retire it or bring it back."""
        ...
