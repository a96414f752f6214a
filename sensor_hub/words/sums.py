"""Load of a day and of a week, and the change of a sensor: for pages and the command line."""

import math
from datetime import date
from typing import Final

from sensor_hub.model.load import InstrumentChange, LoadSums
from sensor_hub.words.lengths import length_unit, load_unit
from sensor_hub.words.loads import hard_part, instrument_text
from sensor_hub.words.numbers import UNKNOWN, as_a_force, bounded, day_name, fixed, known, quantity, ranged
from sensor_hub.words.translation import translate as _

NOT_RECORDED: Final = "not-recorded"


def sum_rows(today: LoadSums, week: LoadSums) -> list[list[str]]:
    """Name, today, this week: the run's load first, then what stands beside it and is never added."""
    both = (today, week)
    rows = [
        # A distance is the device's own count, whatever was recorded beside it; a day that was not recorded has none.
        [_("Distance"), *(bounded(s.distance_m, "distance_m", lower_bound=s.reason == NOT_RECORDED) for s in both)],
        [_("Push-off load (modelled)"), *(_volume(s) for s in both)],
        [_("Hard push-offs, part of the load (modelled)"), *(_intensity(s) for s in both)],
        *_legs(both),
        [_("Load per {unit} (modelled)").format(unit=length_unit()), *(_per_km(s) for s in both)],
    ]
    if any(s.walk_load_bw_s for s in both):
        walked = [_beside(s.walk_load_bw_s) for s in both]
        rows.append([_("Walking a leg, beside it ({caveat})").format(caveat=as_a_force()), *walked])
    # Of exercises an unknown sum means that somebody did some: it is shown as a dash.
    if any(s.exercise_load_bw_s != 0 for s in both):
        exercised = [_beside(s.exercise_load_bw_s) for s in both]
        rows.append([_("Exercises a leg, beside it ({caveat})").format(caveat=as_a_force()), *exercised])
    return rows


def sums_reason(sums: LoadSums) -> str:
    """Why the sums of a day or week are unknown, or only lower bounds; empty where there is no such reason."""
    return {
        "mixed-instruments": _("Loads from several sensors are not added up; the distance is."),
        "mixed-references": _("Hard push-offs above different lines are not added up."),
        "without-load": _("Of a run only the distance is known, so loads are not added up."),
        "unknown-run": _("Of a run nothing is known, so nothing is added up."),
        NOT_RECORDED: _("Some days were run on and not recorded: it is at least as much as shown."),
    }.get(sums.reason or "", "")


def bridging_sentence(change: InstrumentChange | None) -> str:
    """What a change of the sensor means now; empty without one."""
    if change is None:
        return ""
    values = {
        "what": _change(change),
        "first": local_day(change.first_day),
        "normal": local_day(change.normal_from),
    }
    text = _("New load model since {first} ({what}).") if _is_model(change) else _("New sensor since {first} ({what}).")
    learning = _(
        "Until {normal} its loads are learned and raise no alert, because loads from different sources are not held "
        "against each other. Keep to one sensor; until then go by distance."
    )
    sooner = [_("`sensor-hub data reanalyse` ends this at once.")] if _is_model(change) else []
    return " ".join([text, learning, *sooner]).format(**values)


def bridging_note(change: InstrumentChange) -> str:
    """The same where room is short: on a tile, under a bar."""
    text = _("new model since {first}: load not judged until {normal}, go by distance")
    if not _is_model(change):
        text = _("new sensor since {first}: load not judged until {normal}, go by distance")
    return text.format(first=local_day(change.first_day), normal=local_day(change.normal_from))


def change_mark(change: InstrumentChange) -> str:
    """The same in two words, for a mark on a chart."""
    return _("new model") if _is_model(change) else _("new sensor")


def change_line(change: InstrumentChange) -> str:
    """The same in a line, for under a chart."""
    return _("{day}: {mark} ({what}); loads before and after are not held against each other").format(
        day=local_day(change.first_day), mark=change_mark(change), what=_change(change)
    )


def local_day(iso: str) -> str:
    """A short day from an ISO date; as it came where it is none."""
    try:
        return day_name(date.fromisoformat(iso))
    except ValueError:
        return iso


def _is_model(change: InstrumentChange) -> bool:
    return change.instrument == change.before


def _change(change: InstrumentChange) -> str:
    if _is_model(change):
        return _("{now}; before: {before}").format(now=change.model, before=change.before_model)
    now, before = instrument_text(change.instrument), instrument_text(change.before)
    return _("{now}; before: {before}").format(now=now, before=before)


def _volume(sums: LoadSums) -> str:
    return ranged(sums.load_eq_km, sums.load_eq_km_sd, "load_eq_km", lower_bound=sums.lower_bound)


def _intensity(sums: LoadSums) -> str:
    return hard_part(sums.hard_load_bw_s, sums.hard_load_sd, sums.load_bw_s)


def _beside(load_bw_s: float | None) -> str:
    return quantity(load_bw_s, "hard_load_bw_s")


def _legs(both: tuple[LoadSums, LoadSums]) -> list[list[str]]:
    """A row a leg; none where one sensor alone told nothing of them apart."""
    rows = [
        [_("Left leg (modelled)"), *(_leg(s, s.load_left_bw_s) for s in both)],
        [_("Right leg (modelled)"), *(_leg(s, s.load_right_bw_s) for s in both)],
    ]
    return [] if all(set(sums) == {UNKNOWN} for _name, *sums in rows) else rows


def _leg(sums: LoadSums, leg_bw_s: float | None) -> str:
    both_bw_s, eq_km = sums.load_bw_s, sums.load_eq_km
    if leg_bw_s is None or eq_km is None or not both_bw_s or not known(leg_bw_s * eq_km / both_bw_s):
        return UNKNOWN
    return bounded(eq_km * leg_bw_s / both_bw_s, "load_eq_km", lower_bound=sums.lower_bound)


def _per_km(sums: LoadSums) -> str:
    if sums.load_per_km is None or not math.isfinite(sums.load_per_km):
        return UNKNOWN
    return _("{value} {unit}").format(value=fixed(sums.load_per_km, 2), unit=load_unit())
