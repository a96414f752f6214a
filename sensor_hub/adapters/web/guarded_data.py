"""A person's files, shoes and everything that is kept of them, for one asker: every call asks for their rights."""

from collections.abc import Callable

from sensor_hub.adapters.web.rights import Rights
from sensor_hub.model.athlete import Shoe
from sensor_hub.model.ports import ErasureReceipt, FilesTaken, HubView, PersonData


class SeenData:
    """A person's data, for one asker."""

    def __init__(self, data: PersonData, view: HubView, rights: Rights) -> None:
        self._data, self._view, self._rights = data, view, rights

    def import_file(self, athlete: str, path: str, name: str, progress: Callable[[int, int], None]) -> FilesTaken:
        """Import a file for somebody."""
        self._rights.demand("import", athlete=self._rights.person(athlete).id)
        return self._data.import_file(athlete, path, name, progress)

    def export(self, athlete: str, out: str) -> None:
        """Write everything kept of somebody."""
        self._rights.demand("export", athlete=self._rights.person(athlete).id)
        self._data.export(athlete, out)

    def erase(self, athlete: str) -> ErasureReceipt:
        """Erase everything kept of somebody."""
        self._rights.demand("erase", athlete=self._rights.person(athlete).id)
        return self._data.erase(athlete)

    def backup(self, out: str) -> None:
        """Write a backup of the hub."""
        self._rights.demand("back-up")
        self._data.backup(out)

    def shoes(self, athlete: str) -> list[Shoe]:
        """Pairs of somebody; none where they are not the asker's to see: a history is told without their names."""
        seen = self._rights.may("see-shoes", athlete=self._rights.person(athlete).id)
        return self._data.shoes(athlete) if seen else []

    def add_shoe(self, athlete: str, name: str, *, drop_mm: float | None, start_distance_m: float) -> Shoe:
        """Add a pair."""
        self._rights.demand("change-shoes", athlete=self._rights.person(athlete).id)
        return self._data.add_shoe(athlete, name, drop_mm=drop_mm, start_distance_m=start_distance_m)

    def change_shoe(
        self, shoe: str, *, name: str, drop_mm: float | None, start_distance_m: float, retired: bool
    ) -> Shoe:
        """Put a pair right, of somebody whose pairs the asker may change."""
        for who in (tile.athlete.id for tile in self._view.tiles()):
            if shoe in {pair.id for pair in self._data.shoes(who)}:
                self._rights.demand("change-shoes", athlete=who)
                break
        else:
            self._rights.demand("change-shoes")  # nobody's whom the asker knows: only the operator may try
        return self._data.change_shoe(
            shoe, name=name, drop_mm=drop_mm, start_distance_m=start_distance_m, retired=retired
        )
