"""A run that no sensor saw, as a session: what is known of it, and unknown what is not."""

from datetime import timedelta
from typing import Final

from sensor_hub.load.achilles import VERSION
from sensor_hub.load.reference import REFERENCE_ID
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.edit import AddRun
from sensor_hub.model.load import Totals
from sensor_hub.model.session import SessionHeader, SessionSummary

SOURCE: Final = "by-hand"
TIME_UNKNOWN: Final = "time-unknown"  # only the day is known


def session_of(run: AddRun, athlete: Athlete) -> SessionSummary:
    """Return it as a session; its load is unknown, and its warnings say what else is."""
    header = SessionHeader(
        sid=run.sid,
        athlete=athlete.id,
        zone=athlete.zone,
        origin="simulated" if athlete.simulated else "import",
        tier="speed",
        model=VERSION,
        reference=REFERENCE_ID,
        profile=SOURCE,
        ledger=run.ledger,
        surface=run.surface,
    )
    unknown = {
        TIME_UNKNOWN: not run.has_time,
        "duration-unknown": run.duration_s is None,
        "distance-unknown": run.distance_m is None,
    }
    duration_s = run.duration_s or 0.0
    return SessionSummary(
        header=header,
        start_utc=run.start_utc,
        end_utc=run.start_utc + timedelta(seconds=duration_s),
        totals=Totals(duration_s=duration_s, distance_m=run.distance_m),
        source=SOURCE,
        warnings=(SOURCE, *(name for name, is_so in unknown.items() if is_so)),
    )
