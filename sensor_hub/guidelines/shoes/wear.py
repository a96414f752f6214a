"""How far a pair has gone, and whether somebody finds it worn.

Evidence: the text's 300 to 500 miles, a tradition; no study ties a pair's distance to this tendon.
"""

from datetime import date, timedelta
from statistics import median
from typing import Final, NamedTuple

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.shoes.weights import shoe_weight
from sensor_hub.model.athlete import Shoe
from sensor_hub.model.guidance import Fact, Notice
from sensor_hub.model.rule import Parameter, RuleInfo
from sensor_hub.units import M_PER_KM

INFO: Final = RuleInfo(
    "shoe-wear", "P", "shoes", ("A04",), "traditional",
    (
        Parameter("warn_km", 483.0, "km", 100.0, 2000.0, ours=False),
        Parameter("critical_km", 805.0, "km", 100.0, 3000.0, ours=False),
    ),
)  # fmt: skip

LOOKED_BACK: Final = timedelta(days=370)  # a case holds the runs of a little more than a year


class Gone(NamedTuple):
    """What is known of a pair's way: at least so many metres, and in how many more runs nobody knows how far.

    since : day of its newest run. more : it was also walked in, or run in before what is looked at.
    """

    known_m: float
    n_unknown: int
    since: date | None
    more: bool


def gone(case: Case, shoe: Shoe) -> Gone:
    """Add up a pair's runs, with what it had gone before it was put in."""
    pair = {sid for sid, worn in case.worn if worn == shoe.id}
    runs = [run for run in case.runs if run.sid in pair]
    known = [run.distance_m for run in runs if run.distance_m is not None]
    days = [run.day for run in runs]
    early = bool(days) and min(days) <= case.today - LOOKED_BACK
    more = early or len(pair) > len(runs)
    return Gone(shoe.start_distance_m + sum(known), len(runs) - len(known), max(days, default=None), more)


def shoe_wear(case: Case) -> list[Notice]:
    """Return what is to be said of each pair in use."""
    found = (_of_pair(case, shoe) for shoe in case.shoes if shoe.retired_utc is None)
    return [notice for notice in found if notice is not None]


def _of_pair(case: Case, shoe: Shoe) -> Notice | None:
    way = gone(case, shoe)
    km, since = way.known_m / M_PER_KM, way.since or case.today
    facts: dict[str, Fact] = {"shoe": shoe.name, "km": km, "at_least": way.n_unknown > 0 or way.more}
    worn = [w for w in case.diary.worn_out if w.shoe == shoe.id and w.day <= case.today]
    if worn and worn[-1].worn:
        return Notice(INFO.id, "worn", INFO.rows, shoe_weight(case, INFO, "critical"), worn[-1].day, facts)
    for key, degree in (("critical_km", "critical"), ("warn_km", "warn")):
        if km >= case.settings.value(INFO, key):
            more = facts | {"limit_km": case.settings.value(INFO, key)}
            return Notice(INFO.id, degree, INFO.rows, shoe_weight(case, INFO, degree), since, more)
    if way.n_unknown and km + way.n_unknown * _usual_km(case) >= case.settings.value(INFO, "warn_km"):
        facts["n_unknown"] = float(way.n_unknown)
        return Notice(INFO.id, "unknown", INFO.rows, "unknown", since, facts)
    return None


def _usual_km(case: Case) -> float:
    """A usual run, for whether a limit may have been passed by runs of which nobody knows how far they went."""
    known = [run.distance_m for run in case.runs if run.distance_m is not None]
    return median(known) / M_PER_KM if known else 0.0
