"""A scripted hub whose first runner has every number of the load model, and a sensor that is new since ten days."""

from dataclasses import replace
from datetime import timedelta

from sensor_hub.model.load import InstrumentChange, LoadSums, Totals
from sensor_hub.model.ports import AthleteView
from sensor_hub.model.session import SessionHeader, SessionSummary
from tests.adapters.web.hub import NOW, TODAY, ScriptedHub

CHANGE = InstrumentChange(
    first_day=(TODAY - timedelta(days=9)).isoformat(), normal_from=(TODAY + timedelta(days=5)).isoformat(),
    instrument="imu/feet/foot-1.0", model="achilles-1.0.0", before="contact/stryd", before_model="achilles-1.0.0",
)  # fmt: skip
TODAY_SUMS = LoadSums(
    n_runs=1, distance_m=6_100.0, load_eq_km=6.4, load_eq_km_sd=0.23, load_per_km=1.05, load_bw_s=2900.0,
    load_left_bw_s=2960.0, load_right_bw_s=2840.0, push_off_bw_s=1420.0, hard_load_bw_s=412.0, hard_load_sd=25.0,
    walk_load_bw_s=64.0, exercise_load_bw_s=None,
)  # fmt: skip
WEEK_SUMS = LoadSums(n_runs=4, distance_m=29_400.0, walk_load_bw_s=210.0, reason="mixed-instruments")
TOTALS = Totals(
    n_steps=5800, n_strides=2900, duration_s=2140.0, distance_m=6_100.0, cadence_spm=171.0, contact_time_s=0.243,
    load_eq_km=6.4, load_eq_km_sd=0.23, hard_load_bw_s=412.0, hard_load_sd=25.0, coverage=0.98, flight_time_s=0.108,
    load_bw_s=2900.0, load_left_bw_s=2960.0, load_right_bw_s=2840.0, push_off_bw_s=1420.0, load_m4_eq_km=6.8,
    load_m9_eq_km=8.1, achilles_peak_bw=5.14, vgrf_peak_bw=2.41, vertical_stiffness_bw_per_m=24.3,
    leg_stiffness_bw_per_m=11.2, n_walk_steps=320.0, walk_load_bw_s=64.0, contact_balance_left=0.504,
)  # fmt: skip


class LoadedHub(ScriptedHub):
    """As its parent, with everything a load can say for ``mia``."""

    def athlete(self, athlete: str) -> AthleteView | None:
        view = super().athlete(athlete)
        if view is None or athlete != "mia":
            return view
        load = replace(
            view.load, today=TODAY_SUMS, week=WEEK_SUMS, instrument=CHANGE.instrument, model="achilles-1.0.0",
            reference="ref-pop-1", bridging=CHANGE,
        )  # fmt: skip
        days = tuple(
            replace(d, load_eq_km_sd=0.3, bridging=d.day.isoformat() >= CHANGE.first_day, instrument=CHANGE.instrument)
            for d in view.days
        )
        weeks = tuple(
            replace(w, load_eq_km=None, reason="mixed-instruments") if w.monday == TODAY - timedelta(days=11) else w
            for w in view.weeks
        )
        return replace(view, load=load, days=days, weeks=weeks, changes=(CHANGE,))

    def session(self, sid: str) -> SessionSummary | None:
        found = super().session(sid)
        if found is None:
            return None
        header: SessionHeader = replace(
            found.header, model="achilles-1.0.0", instrument=CHANGE.instrument, surface="overground"
        )
        return replace(found, header=header, totals=TOTALS, start_utc=NOW - timedelta(hours=1), ended=True)
