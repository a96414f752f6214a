"""One stored session with today's model: from its recording, else from its stored steps, else left as it is.

A pure function of what is known of it, for whatever process or machine has the time. A recording gives everything anew:
contacts, steps, instrument, forces. Stored steps keep what was measured, and get the forces and totals of today's
model. What a session was told (origin, tier, calibration, conditions) stays, and it stays in its reference.
"""

import re
import tempfile
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Final, Literal, TypeAlias

import numpy as np

from sensor_hub.app.analysis import events_of, open_file, setup_for
from sensor_hub.app.loads.unchanged import ALIKE_TOTALS, are_alike, are_equal
from sensor_hub.errors import ProfileError, RecordingError
from sensor_hub.load.achilles import VERSION, AchillesModel
from sensor_hub.load.reference import REFERENCE_ID
from sensor_hub.load.remodel import remodelled, totals_after
from sensor_hub.model.gait import StepTable
from sensor_hub.model.load import Conditions, LoadReference, Totals
from sensor_hub.model.recording import RecordingInfo
from sensor_hub.model.reference import KeptReference
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


@dataclass(frozen=True, slots=True)
class File:
    """What is in a file, for a machine that has it not. path : where it lies here, for what is said of it."""

    path: Path
    content: bytes


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that a session is computed from.

    recording : its file, or what is in it; None without one. stored, gaps : as they are stored. references : all of
    the athlete's own, None for one whom only the sending edge knows. own_profiles : the user's folder, or what is in
    it. pruned : its single steps were let go of.
    which : "kept" leaves a session in the reference it is expressed in, "current" takes the athlete's active one.
    """

    before: SessionSummary
    recording: Path | File | None
    stored: StepTable
    gaps: tuple[GapFound, ...]
    references: tuple[KeptReference, ...] | None
    leg_length_m: float | None
    own_profiles: Path | tuple[File, ...] | None = None
    which: WhichReference = "kept"
    pruned: bool = False


class _UnusableError(Exception):
    """Why one way is not possible, in words."""


def recompute(told: Material) -> Recomputed:
    """Return what a session becomes; it changes nothing, and is the same wherever it is computed."""
    if why := why_left(told.before):
        return Recomputed(told.before, "left", notes=(why,))
    notes: tuple[str, ...] = ()
    if told.recording is not None:
        try:
            return _checked(told, _from_file(told, told.recording))
        except _UnusableError as error:
            notes = (f"its recording {error}",)
    try:
        found = _from_steps(told)
    except _UnusableError as error:
        return Recomputed(told.before, "left", notes=(*notes, str(error)))
    return _checked(told, replace(found, notes=(*notes, *found.notes)))


def packed(told: Material) -> Material:
    """Return the same with what is in its files, for another machine; a file that cannot be read stays a path."""
    recording, profiles = told.recording, told.own_profiles
    if isinstance(recording, Path):
        recording = _read(recording) or recording
    if isinstance(profiles, Path):
        files = (_read(path) for path in sorted(profiles.glob("*.toml")))
        profiles = tuple(file for file in files if file is not None)
    return replace(told, recording=recording, own_profiles=profiles)


def _read(path: Path) -> File | None:
    try:
        return File(path, path.read_bytes())
    except OSError:
        return None


# --- the two ways -----------------------------------------------------------------------------------------------------


def _from_file(told: Material, recording: Path | File) -> Recomputed:
    """Compute from a recording, wherever it lies; what is said names it as it is called at home."""
    profiles = told.own_profiles
    if isinstance(recording, Path) and not isinstance(profiles, tuple):
        return _from_recording(told, recording, profiles)
    with tempfile.TemporaryDirectory(prefix="sensor-hub-") as name:
        folder = Path(name)
        path = recording if isinstance(recording, Path) else _written(recording, folder)
        if isinstance(profiles, tuple):
            (own := folder / "profiles").mkdir()
            for file in profiles:
                _written(file, own)
            profiles = own
        try:
            return _from_recording(told, path, profiles)
        except _UnusableError as error:
            home = recording if isinstance(recording, Path) else recording.path
            raise _UnusableError(str(error).replace(str(path), str(home))) from None


def _written(file: File, folder: Path) -> Path:
    path = folder / file.path.name
    path.write_bytes(file.content)
    return path


def _from_recording(told: Material, path: Path, own_profiles: Path | None) -> Recomputed:
    before = told.before
    try:
        recording = open_file(path, own_profiles=own_profiles)
        setup, notes = _setup(told, recording.info)
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


def _setup(told: Material, info: RecordingInfo) -> tuple[SessionSetup, tuple[str, ...]]:
    """Say again what the session was begun with; its surface may have been told since the recording began."""
    before, header = told.before, told.before.header
    recorded = setup_for(info, sid=header.sid, athlete=header.athlete, zone=header.zone, origin=header.origin)
    conditions = recorded.conditions
    if header.surface != "unknown":
        conditions = replace(conditions, surface=header.surface)
    if conditions.leg_length_m is None:  # recorded before anybody had said how tall they are
        conditions = replace(conditions, leg_length_m=told.leg_length_m)
    setup = replace(recorded, tier=header.tier, source=before.source, ledger=header.ledger, conditions=conditions)
    reference, notes = _reference(told, instrument_of(setup), recorded.load_reference)
    return replace(setup, load_reference=reference), notes


def _from_steps(told: Material) -> Recomputed:
    before, header, stored = told.before, told.before.header, told.stored
    if not len(stored) and told.pruned:
        raise _UnusableError("its single steps are no longer kept, and there is no recording to compute from")
    if not len(stored):
        raise _UnusableError("no steps of it are stored, so there is nothing to compute from")
    if "+" in header.model:
        raise _UnusableError(f"its model {header.model} was told of the shoe, which its steps do not say")
    reference, notes = _reference(told, header.instrument)
    model = AchillesModel(reference, Conditions(header.surface, leg_length_m=told.leg_length_m))
    steps = remodelled(stored, model, header.tier)
    totals = totals_after(steps, before.totals, model, header.tier)
    _check_whole(before.totals, totals, stored)
    header = replace(header, model=model.version, reference=model.reference.id)
    after = replace(
        before, header=header, totals=totals, warnings=tuple(w for w in before.warnings if w not in GONE_WARNINGS)
    )
    gaps = (replace(gap, header=header) for gap in told.gaps)
    return Recomputed(before, "steps", after, steps, tuple(gaps), notes)


# --- what a session was told ------------------------------------------------------------------------------------------


def _reference(
    told: Material, instrument: str, recorded: LoadReference | None = None
) -> tuple[LoadReference | None, tuple[str, ...]]:
    """Return what a session is expressed in, None for the population's, and what is to be said of it."""
    header, own = told.before.header, told.references
    if told.which == "current" and own is not None:
        active = (k.reference for k in own if k.active)
        return next((one for one in active if (one.instrument, one.model) == (instrument, VERSION)), None), ()
    if header.reference == REFERENCE_ID:
        return None, ()
    known = [one for one in (recorded, *(k.reference for k in own or ())) if one and one.id == header.reference]
    if not known:
        return None, _no_reference(header, "is not known here")
    if known[0].model.partition("+")[0] != VERSION:
        return None, _no_reference(header, f"holds for the model {known[0].model}")
    return known[0], ()


def _checked(told: Material, found: Recomputed) -> Recomputed:
    """Say whether anything changed."""
    if found.after is None or found.steps is None or not are_alike(found.before, found.after):
        return found
    is_same = are_equal(told.stored, found.steps) and told.gaps == found.gaps
    return replace(found, is_same=is_same)


def in_store_order(batches: list[StepTable]) -> StepTable:
    """Return steps in the order stores keep them: by time and side."""
    steps = StepTable.concatenate(batches)
    return steps.only(np.lexsort((steps.side, steps.time_utc_us)))


def version_of(model: str) -> tuple[int, ...]:
    """Return the numbers of a model's version, whatever it was told of the shoe; of achilles-1.0.0 (1, 0, 0)."""
    return tuple(map(int, re.findall(r"\d+", model.partition("+")[0])))


def why_left(before: SessionSummary) -> str | None:
    """Return why a session is left as it is, whatever is known of it; None for one that is computed."""
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


__all__ = [
    "File",
    "Material",
    "Recomputed",
    "Way",
    "WhichReference",
    "in_store_order",
    "packed",
    "recompute",
    "version_of",
    "why_left",
]
