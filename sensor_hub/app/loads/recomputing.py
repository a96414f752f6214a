"""What a stored session is computed again from: its recording, its steps, its athlete's references."""

from collections.abc import Iterator
from pathlib import Path

from sensor_hub.adapters.recordings.mcap_reader import open_mcap
from sensor_hub.adapters.registry import Registry
from sensor_hub.app.loads.conditions import leg_length_m
from sensor_hub.app.loads.recompute import (
    Material,
    Recomputed,
    Way,
    WhichReference,
    in_store_order,
    recompute,
    version_of,
    why_left,
)
from sensor_hub.errors import RecordingError, RegistryError
from sensor_hub.model.gait import StepTable
from sensor_hub.model.ports import Store
from sensor_hub.model.reference import KeptReference
from sensor_hub.model.session import SessionSummary


class Recomputing:
    """Recomputes stored sessions; changes nothing.

    recordings : folder of raw recordings. reference : "kept" leaves every session in the reference it is expressed in,
    "current" takes the athlete's active one.
    """

    def __init__(
        self,
        store: Store,
        registry: Registry,
        recordings: Path,
        *,
        own_profiles: Path | None = None,
        reference: WhichReference = "kept",
    ) -> None:
        self._store, self._registry, self._own_profiles = store, registry, own_profiles
        self._which: WhichReference = reference
        self._recordings = _by_sid(recordings)

    def recompute(self, before: SessionSummary) -> Recomputed:
        """Return what a session becomes; StoreError if its rows cannot be read."""
        return recompute(self.material(before))

    def material(self, before: SessionSummary) -> Material:
        """Return what a session is computed from; StoreError if its rows cannot be read."""
        if why_left(before):
            return Material(before, None, StepTable.empty(), (), None, None)
        header = before.header
        return Material(
            before,
            self._recordings.get(header.sid),
            self._store.steps(header.sid),
            tuple(self._store.gaps(header.sid)),
            self._references(header.athlete),
            self._leg_length_m(header.athlete),
            self._own_profiles,
            self._which,
            self._store.pruned(header.sid),
        )

    def _references(self, athlete: str) -> tuple[KeptReference, ...] | None:
        try:
            return tuple(self._registry.references.all(athlete))
        except RegistryError:  # an athlete whom only the sending edge knows
            return None

    def _leg_length_m(self, athlete: str) -> float | None:
        try:
            return leg_length_m(self._registry.athlete(athlete))
        except RegistryError:
            return None


def _by_sid(recordings: Path) -> dict[str, Path]:
    """Recordings by the session they say they are of; where several do, the one that bears its name."""
    found: dict[str, Path] = {}
    for sid, path in _named(recordings):
        if sid not in found or path.stem == sid:
            found[sid] = path
    return found


def _named(recordings: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(recordings.glob("*.mcap")):
        try:
            sid = open_mcap(path).info.sid
        except RecordingError:
            continue  # none of ours, or cut off within its head: no session is known of it
        if sid:
            yield sid, path


__all__ = ["Recomputed", "Recomputing", "Way", "WhichReference", "in_store_order", "version_of"]
