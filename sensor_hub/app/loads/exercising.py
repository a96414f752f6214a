"""Exercise put in by hand: heel drops and hops in a ledger of their own, never part of a run's load."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

import numpy as np

from sensor_hub.app.ingest import Ingest
from sensor_hub.app.sids import text_sid
from sensor_hub.errors import ConfigError, RegistryError
from sensor_hub.load.achilles import VERSION
from sensor_hub.load.exercise import ExerciseLoads, heel_drop_loads, hop_loads
from sensor_hub.load.reference import REFERENCE_ID
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.load import Totals
from sensor_hub.model.message import Envelope
from sensor_hub.model.session import SessionHeader, SessionSummary

ExerciseKind: TypeAlias = Literal["heel-drop", "hop"]
SOURCE: Final = "exercise"
INSTRUMENT: Final = "exercise/by-hand"
WARNINGS: Final = ("by-hand",)
# Where nobody timed them: 3 s down and 1 s up, as protocols ask; a hop of 0.42 s with 0.25 s on the ground (ours).
HEEL_DROP_S: Final = 4.0
HOP_S: Final = 0.42
HOP_CONTACT_S: Final = 0.25
HOPS_S: Final = (0.2, 1.0)  # between them the usual share of it on the ground is a contact that is modelled


@dataclass(frozen=True, slots=True)
class Exercise:
    """What somebody did.

    repetition_s : None for the usual. legs : 1 or 2 at a time; of one at a time, repetitions are those of each leg.
    """

    kind: ExerciseKind
    sets: int
    repetitions: int
    legs: int = 1
    added_kg: float = 0.0
    repetition_s: float | None = None


def exercise_sid(person: Athlete, done: Exercise, start_utc: datetime) -> str:
    """Return the id of its session."""
    return text_sid(person.id, SOURCE, repr(done), start_utc.isoformat())


def keep_exercise(ingest: Ingest, person: Athlete, done: Exercise, start_utc: datetime) -> SessionSummary:
    """Keep an exercise as a session of the ledger "exercise"; the same again changes nothing.

    Its load is what one leg carried, BW·s: with ``legs`` = 1 each leg did all repetitions.

    Raises
    ------
    ConfigError
        If a hop takes a time whose load is not modelled.
    RegistryError
        If weight was added and nobody knows the athlete's mass.
    """
    each = _loads(done, person)
    n = done.sets * done.repetitions
    totals = Totals(
        duration_s=n * _repetition_s(done),
        load_bw_s=n * float(each.achilles_impulse_bw_s[0]),
        push_off_bw_s=n * float(each.achilles_push_off_bw_s[0]),
        achilles_peak_bw=float(each.achilles_peak_bw[0]),
    )
    sid = exercise_sid(person, done, start_utc)
    header = SessionHeader(
        sid=sid,
        athlete=person.id,
        zone=person.zone,
        origin="simulated" if person.simulated else "import",
        tier="speed",
        model=VERSION,
        reference=REFERENCE_ID,
        profile="by-hand",
        ledger="exercise",
        instrument=INSTRUMENT,
    )
    end_utc = start_utc + timedelta(seconds=totals.duration_s)
    source = f"{SOURCE}: {done.sets} x {done.repetitions} {done.kind}"
    summary = SessionSummary(header, start_utc, end_utc, totals, source=source, warnings=WARNINGS)
    ingest.commit([Envelope(f"{SOURCE}-{sid}", 1, summary)])
    return summary


def _repetition_s(done: Exercise) -> float:
    return done.repetition_s or (HOP_S if done.kind == "hop" else HEEL_DROP_S)


def _loads(done: Exercise, person: Athlete) -> ExerciseLoads:
    repetition_s = np.array([_repetition_s(done)])
    if done.kind == "hop":
        shortest_s, longest_s = HOPS_S
        if not shortest_s <= repetition_s[0] <= longest_s:
            mend = f"from landing to landing it takes {shortest_s:g} to {longest_s:g} s"
            raise ConfigError(f"a hop of {repetition_s[0]:g} s is not modelled: {mend} (--seconds)")
        return hop_loads(np.array([HOP_CONTACT_S / HOP_S]) * repetition_s, repetition_s, legs=done.legs)
    if done.added_kg and person.mass_kg is None:
        mend = f"sensor-hub athlete set {person.display_name!r} --mass-kg 68"
        raise RegistryError(f"added weight needs a body mass to compare with: {mend}")
    carried = 1.0 + (done.added_kg / person.mass_kg if person.mass_kg else 0.0)
    return heel_drop_loads(repetition_s, np.array([carried / done.legs]))
