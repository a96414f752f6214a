"""What pages and REST ask for of a person's data.

What takes long has a memory of its own, as a command of its own would: an import or an export holds up neither the page
nor the hub, which sees within seconds what has changed.
"""

from collections.abc import Callable
from pathlib import Path

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.importing.bulk import import_upload
from sensor_hub.app.importing.bulk_report import BulkReport
from sensor_hub.app.people import open_archive
from sensor_hub.app.person.backup import write_backup
from sensor_hub.app.person.person_export import export_person
from sensor_hub.app.place import Place
from sensor_hub.app.shoes import Wardrobe
from sensor_hub.config import Settings
from sensor_hub.errors import RegistryError
from sensor_hub.model.athlete import Shoe
from sensor_hub.model.ports import ErasureReceipt, FilesTaken, Keeping
from sensor_hub.words import translate as _

BY = "page"


class HubData:
    """Implements ``model.ports.PersonData`` for a hub on the data folder of the settings."""

    def __init__(self, settings: Settings, registry: Registry, keeping: Keeping) -> None:
        self._settings, self._registry = settings, registry
        self._wardrobe = Wardrobe(registry, keeping)

    def import_file(self, athlete: str, path: str, name: str, progress: Callable[[int, int], None]) -> FilesTaken:
        """Import a file or a zip of files, and judge what they reach."""
        with open_archive(self._settings) as archive:
            report = import_upload(
                Path(path), name, archive, athlete, progress=lambda done: progress(done.n_done, done.n_files)
            )
        return FilesTaken({str(outcome): n for outcome, n in report.counts.items()}, _notes(report))

    def export(self, athlete: str, out: str) -> None:
        """Write everything kept of an athlete into a zip."""
        with open_archive(self._settings) as archive:
            export_person(archive, Place.at(self._settings.data_dir).recordings, athlete, Path(out))

    def erase(self, athlete: str) -> ErasureReceipt:
        """Erase everything kept of an athlete, and search for what is left."""
        from sensor_hub.app.person.erasing import erase_athlete  # it knows the hub, which knows us

        return erase_athlete(self._settings, athlete)

    def backup(self, out: str) -> None:
        """Write everything this hub keeps into a file."""
        write_backup(self._settings, Path(out))

    def shoes(self, athlete: str) -> list[Shoe]:
        """Pairs of an athlete, also retired ones."""
        return self._registry.shoes.all(athlete)

    def add_shoe(self, athlete: str, name: str, *, drop_mm: float | None, start_distance_m: float) -> Shoe:
        """Add a pair."""
        return self._registry.shoes.add(athlete, name, drop_mm=drop_mm, start_distance_m=start_distance_m)

    def change_shoe(
        self, shoe: str, *, name: str, drop_mm: float | None, start_distance_m: float, retired: bool
    ) -> Shoe:
        """Put a pair right; one that is retired is not worn from tomorrow on."""
        old = next((pair for pair in self._registry.shoes.all() if pair.id == shoe), None)
        if old is None:
            raise RegistryError(f"no pair {shoe!r} (it may have been removed)")
        changed = self._registry.shoes.set(shoe, name=name, drop_mm=drop_mm, start_distance_m=start_distance_m)
        if retired == (old.retired_utc is not None):
            return changed
        if retired:
            return self._wardrobe.retire(old.athlete, shoe, by=BY)[0]
        return self._wardrobe.bring_back(old.athlete, shoe)


def _notes(report: BulkReport) -> tuple[str, ...]:
    """Why files were not taken or not in whole, and what is to be answered."""
    told = [file for file in report.files if file.outcome in {"refused", "doubled"} and file.why]
    notes = [f"{file.path.name}: {file.why}" for file in told]
    notes += [
        _("{file}: taken in part; {place}: {problem}").format(
            file=result.name, place=fault.place, problem=fault.problem
        )
        for result in report.results
        if result.outcome == "taken"
        for fault in result.faults
        if fault.lost
    ]
    if report.offers:
        notes.append(_("Likely the same run as another: {n}. The page of runs asks.").format(n=len(report.offers)))
    return tuple(notes)
