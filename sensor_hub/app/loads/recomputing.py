"""One stored session with today's model: from its recording, else from its stored steps, else left as it is.

A recording gives everything anew: contacts, steps, instrument, forces. Stored steps keep what was measured, and get
the forces and totals of today's model. What a session was told (origin, tier, calibration, conditions) stays, and it
stays in its reference.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Final, Literal, TypeAlias

import numpy as np

from sensor_hub.adapters.recordings.mcap_reader import open_mcap
from sensor_hub.adapters.registry import Registry
from sensor_hub.app.analysis import events_of, open_file, setup_for
from sensor_hub.app.loads.conditions import leg_length_m
from sensor_hub.app.loads.unchanged import ALIKE_TOTALS, are_alike, are_equal
from sensor_hub.errors import ProfileError, RecordingError, RegistryError
from sensor_hub.load.achilles import VERSION, AchillesModel
from sensor_hub.load.reference import REFERENCE_ID
from sensor_hub.load.remodel import remodelled, totals_after
from sensor_hub.model.gait import StepTable
from sensor_hub.model.load import Conditions, LoadReference, Totals
from sensor_hub.model.ports import Store
from sensor_hub.model.recording import RecordingInfo
from sensor_hub.model.session import GapFound, SessionHeader, SessionSetup, SessionSummary, StepBatch
from sensor_hub.session.instrument import instrument_of

Way: TypeAlias = Literal["recording", "steps", "left"]
WhichReference: TypeAlias = Literal["kept", "current"]

CUT_SHORT: Final = timedelta(seconds=60)  # ours: a recording that ends so much earlier is not the whole session
LEAST_STORED: Final = 0.98  # ours, of the steps, or two: an older program also counted some whose gait nobody knew
GONE_WARNINGS: Final = ("provisional-model",)


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What a stored session becomes.

    before : as it is stored. after : None where it is left as it is. notes : why not in a better way, and what else a
    person should know. is_same : every number is the one that is stored.
    """

    before: SessionSummary
    way: Way
    after: SessionSummary | None = None
    steps: StepTable | None = None
    gaps: tuple[GapFound, ...] = ()
    notes: tuple[str, ...] = ()
    is_same: bool = False


class _UnusableError(Exception):
    """Why one way is not possible, in words."""


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
        if why := _why_left(before):
            return Recomputed(before, "left", notes=(why,))
        path = self._recordings.get(before.header.sid)
        notes: tuple[str, ...] = ()
        if path is not None:
            try:
                return self._checked(self._from_recording(before, path))
            except _UnusableError as error:
                notes = (f"its recording {error}",)
        try:
            found = self._from_steps(before)
        except _UnusableError as error:
            return Recomputed(before, "left", notes=(*notes, str(error)))
        return self._checked(replace(found, notes=(*notes, *found.notes)))

    # --- the two ways ------------------------------------------------------------------------------------------------

    def _from_recording(self, before: SessionSummary, path: Path) -> Recomputed:
        try:
            recording = open_file(path, own_profiles=self._own_profiles)
            setup, notes = self._setup(before, recording.info)
            batches, gaps, after = [], [], None
            for event in events_of(recording, setup):
                match event:
                    case StepBatch():
                        batches.append(event.steps)
                    case GapFound():
                        gaps.append(event)
                    case SessionSummary():
                        after = event
        except (RecordingError, ProfileError) as error:
            raise _UnusableError(f"cannot be read: {error}") from None
        if any(fault.lost for fault in recording.faults):
            raise _UnusableError("is not whole")
        if after is None:
            raise _UnusableError("has nothing usable in it")
        if after.end_utc < before.end_utc - CUT_SHORT:
            raise _UnusableError("ends before the session does")
        gaps.sort(key=lambda gap: (gap.start_utc, gap.device))
        return Recomputed(before, "recording", after, in_store_order(batches), tuple(gaps), notes)

    def _setup(self, before: SessionSummary, info: RecordingInfo) -> tuple[SessionSetup, tuple[str, ...]]:
        """Say again what the session was begun with; its surface may have been told since the recording began."""
        header = before.header
        recorded = setup_for(info, sid=header.sid, athlete=header.athlete, zone=header.zone, origin=header.origin)
        conditions = recorded.conditions
        if header.surface != "unknown":
            conditions = replace(conditions, surface=header.surface)
        if conditions.leg_length_m is None:  # recorded before anybody had said how tall they are
            conditions = replace(conditions, leg_length_m=self._leg_length_m(header.athlete))
        setup = replace(recorded, tier=header.tier, source=before.source, ledger=header.ledger, conditions=conditions)
        reference, notes = self._reference(header, instrument_of(setup), recorded.load_reference)
        return replace(setup, load_reference=reference), notes

    def _from_steps(self, before: SessionSummary) -> Recomputed:
        header, stored = before.header, self._store.steps(before.header.sid)
        if not len(stored) and self._store.pruned(header.sid):
            raise _UnusableError("its single steps are no longer kept, and there is no recording to compute from")
        if not len(stored):
            raise _UnusableError("no steps of it are stored, so there is nothing to compute from")
        if "+" in header.model:
            raise _UnusableError(f"its model {header.model} was told of the shoe, which its steps do not say")
        reference, notes = self._reference(header, header.instrument)
        model = AchillesModel(reference, Conditions(header.surface, leg_length_m=self._leg_length_m(header.athlete)))
        steps = remodelled(stored, model, header.tier)
        totals = totals_after(steps, before.totals, model, header.tier)
        _check_whole(before.totals, totals, stored)
        header = replace(header, model=model.version, reference=model.reference.id)
        after = replace(
            before, header=header, totals=totals, warnings=tuple(w for w in before.warnings if w not in GONE_WARNINGS)
        )
        gaps = (replace(gap, header=header) for gap in self._store.gaps(header.sid))
        return Recomputed(before, "steps", after, steps, tuple(gaps), notes)

    # --- what a session was told -------------------------------------------------------------------------------------

    def _reference(
        self, header: SessionHeader, instrument: str, recorded: LoadReference | None = None
    ) -> tuple[LoadReference | None, tuple[str, ...]]:
        """Return what a session is expressed in, None for the population's, and what is to be said of it."""
        try:
            if self._which == "current":
                kept = self._registry.references.active(header.athlete, instrument, VERSION)
                return (None if kept is None else kept.reference), ()
            if header.reference == REFERENCE_ID:
                return None, ()
            own = [kept.reference for kept in self._registry.references.all(header.athlete)]
        except RegistryError:  # an athlete whom only the sending edge knows
            own = []
        known = [one for one in (recorded, *own) if one is not None and one.id == header.reference]
        if not known:
            return None, _no_reference(header, "is not known here")
        if known[0].model.partition("+")[0] != VERSION:
            return None, _no_reference(header, f"holds for the model {known[0].model}")
        return known[0], ()

    def _leg_length_m(self, athlete: str) -> float | None:
        try:
            return leg_length_m(self._registry.athlete(athlete))
        except RegistryError:
            return None

    def _checked(self, found: Recomputed) -> Recomputed:
        """Say whether anything changed."""
        if found.after is None or found.steps is None or not are_alike(found.before, found.after):
            return found
        sid = found.before.header.sid
        is_same = are_equal(self._store.steps(sid), found.steps) and tuple(self._store.gaps(sid)) == found.gaps
        return replace(found, is_same=is_same)


def in_store_order(batches: list[StepTable]) -> StepTable:
    """Return steps in the order stores keep them: by time and side."""
    steps = StepTable.concatenate(batches)
    return steps.only(np.lexsort((steps.side, steps.time_utc_us)))


def version_of(model: str) -> tuple[int, ...]:
    """Return the numbers of a model's version, whatever it was told of the shoe; of achilles-1.0.0 (1, 0, 0)."""
    return tuple(map(int, re.findall(r"\d+", model.partition("+")[0])))


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


def _why_left(before: SessionSummary) -> str | None:
    header = before.header
    if not before.ended:
        return "it still runs"
    if header.origin == "replay":
        return "it is a replay, which counts nowhere"
    if version_of(header.model) > version_of(VERSION):
        return f"its model {header.model} is newer than this program's {VERSION}"
    return "exercise has a model of its own" if header.ledger == "exercise" else None


def _no_reference(header: SessionHeader, why: str) -> tuple[str, ...]:
    return (f"its reference {header.reference} {why}: expressed in the population's",)


def _check_whole(before: Totals, after: Totals, stored: StepTable) -> None:
    """Refuse where steps that were counted are not stored: the load would shrink by what is missing."""
    least = before.n_steps * (1.0 - ALIKE_TOTALS)
    if not (stored.gait != "").any():
        least = min(LEAST_STORED * before.n_steps, before.n_steps - 2.0)
    if after.n_steps < least:
        raise _UnusableError(f"only {after.n_steps:.0f} of its {before.n_steps:.0f} steps are stored")
