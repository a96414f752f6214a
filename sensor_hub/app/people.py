"""Registry and store opened together, for commands that need both."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.storage import open_store
from sensor_hub.app.guiding.guide import Guiding
from sensor_hub.app.history.keeping import HistoryKeeping
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.app.ingest import Ingest
from sensor_hub.app.judging.alone import alone_of, nobody_else
from sensor_hub.app.loads.referencing import express_all_anew, history
from sensor_hub.app.place import Place, own_profiles, registry_in_use
from sensor_hub.config import Settings
from sensor_hub.guidelines.evaluate import REACH, local_day
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.ports import Store


@dataclass(frozen=True, slots=True)
class Archive:
    """The hub's memory: who, and what they did. ``store`` answers with the history after its edits."""

    registry: Registry
    store: KeptStore
    zone: str
    own_profiles: Path | None = None
    drop_per_mm: float = 0.0  # as in ``Settings``
    alone: Callable[[str], AbstractContextManager[object]] = nobody_else

    @property
    def recorded(self) -> Store:
        """The sessions as they were recorded, whatever was edited of them."""
        return self.store.recorded

    @property
    def keeping(self) -> HistoryKeeping:
        """Edits of histories; what they make of findings is stored and told nobody."""
        return HistoryKeeping(self.store, self.registry, self.ingest)

    @property
    def guide(self) -> Guiding:
        """Diaries, and what the guidelines say; what they make of findings is stored and told nobody."""
        return Guiding(self.store, self.registry, self.ingest, self.keeping)

    @property
    def ingest(self) -> Ingest:
        """An ingest into this archive that tells nobody."""
        return Ingest(self.store, self.registry, alone=self.alone)

    def athlete(self, id_or_name: str | None) -> Athlete:
        """Return the named athlete, or ``me``; RegistryError with near names if there is none."""
        return self.registry.me(self.zone) if id_or_name in {None, "me"} else self.registry.athlete(str(id_or_name))

    def sensor_names(self) -> dict[str, str]:
        """What people call the paired sensors, by id."""
        return {device.id: device.name for device in self.registry.devices()}

    def merge(self, source: str, target: str) -> Athlete:
        """Make two athletes one. The store goes first: repeated after a crash, the merge ends the same."""
        gone, kept = self.registry.athlete(source), self.registry.athlete(target)
        if gone.id != kept.id and gone.simulated == kept.simulated:
            self.store.reassign(gone.id, kept.id)
        merged = self.registry.merge_athletes(source, target)
        self.store.journal.forget()
        express_all_anew(self.ingest, merged, history(self.recorded, merged))  # of two references one is in use now
        self.judge_again(merged)
        return merged

    def judge_again(self, athlete: Athlete) -> None:
        """Judge an athlete's whole recent history: who they are, or where their days begin, has changed."""
        sessions = self.store.sessions(athlete.id)
        if sessions:
            first = local_day(sessions[0].start_utc, athlete.zone)
            last = local_day(sessions[-1].start_utc, athlete.zone)
            self.ingest.judge(athlete, first, reach=last - first + REACH)


def local_zone(settings: Settings) -> str:
    """Time zone of this machine, unless the settings name one; UTC where it cannot be told."""
    if settings.zone:
        return settings.zone
    link = Path("/etc/localtime")
    parts = str(link.resolve()).split("/zoneinfo/") if link.is_symlink() else []
    return parts[1] if len(parts) == 2 else "UTC"


@contextmanager
def open_archive(settings: Settings) -> Iterator[Archive]:
    """Open registry and store of the settings' place; both are closed at the end."""
    place = Place.at(settings.data_dir)
    registry = Registry(registry_in_use(settings, place))
    try:
        token = settings.influx_token.get_secret_value() or None
        recorded = open_store(settings.store.get_secret_value() or place.store_url, token=token)
        store = KeptStore(recorded, registry, shared=settings.shared)
        try:
            yield Archive(
                registry, store, local_zone(settings), own_profiles(settings), settings.drop_per_mm,
                alone_of(settings, registry),
            )  # fmt: skip
        finally:
            store.close()
    finally:
        registry.close()
