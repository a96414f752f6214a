"""Runs of one runner, by how many days ago they were and what measured them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sensor_hub.model.athlete import Athlete
from sensor_hub.model.gait import Tier
from sensor_hub.model.load import Totals
from sensor_hub.model.session import Ledger, Origin, SessionHeader, SessionSummary

TODAY = date(2026, 11, 20)
NOW_UTC = datetime(2026, 11, 20, 20, tzinfo=UTC)
RUNNER = Athlete("k3f9", "Runner", "Europe/Lisbon")
POD, FEET, WATCH = "speed/standard-rsc", "imu/feet/foot-1.0", "contact/watch/stance-time"
TIERS: dict[str, Tier] = {POD: "speed", FEET: "imu", WATCH: "contact", "": "imu"}
EQ_KM_BW_S = {"ref-pop-1": 300.0, "ref-own-1": 330.0}


def ran(days_ago: int, *, sid: str = "", hours: float = 0.0) -> SessionSummary:
    """A run done without sensor, as it is put in by hand: nothing of it is known."""
    found = run(days_ago, None, sid=sid or f"ran{days_ago}", origin="import", hours=hours, model="", more=Totals())
    return replace(found, header=replace(found.header, profile="by-hand", reference=""), source="by-hand")


def run(
    days_ago: int,
    km: float | None,
    *,
    sid: str = "",
    eq_km: float | None = None,
    hard_bw_s: float | None = None,
    coverage: float = 1.0,
    origin: Origin = "live",
    instrument: str = "",
    model: str = "achilles-1.0.0",
    reference: str = "ref-pop-1",
    ledger: Ledger = "run",
    hours: float = 0.0,
    more: Totals | None = None,
) -> SessionSummary:
    """A session of an hour; 3 % and a tenth are the spreads of its eq-km and its hard load."""
    start = datetime(2026, 11, 20, 7, tzinfo=UTC) - timedelta(days=days_ago) + timedelta(hours=hours)
    eq_km = km if eq_km is None else eq_km
    totals = more or Totals(
        distance_m=None if km is None else km * 1000,
        load_eq_km=eq_km,
        load_eq_km_sd=None if eq_km is None else 0.03 * eq_km,
        load_bw_s=None if eq_km is None else EQ_KM_BW_S[reference] * eq_km,
        hard_load_bw_s=hard_bw_s,
        hard_load_sd=None if hard_bw_s is None else 0.1 * hard_bw_s,
        coverage=coverage,
        duration_s=3600,
    )
    header = SessionHeader(
        sid or f"s{days_ago}{instrument}", "k3f9", RUNNER.zone, origin, TIERS.get(instrument, "imu"), model, reference,
        "p@1", ledger=ledger, instrument=instrument,
    )  # fmt: skip
    return SessionSummary(header, start, start + timedelta(hours=1), totals)
