"""A session over its time in words: what its columns are called, and a row of its table."""

from typing import Final

from sensor_hub.model.timeline import Timeline
from sensor_hub.model.unseen import Unseen
from sensor_hub.units import MS_PER_S, S_PER_MIN
from sensor_hub.words.gaps import unseen_text
from sensor_hub.words.lengths import pace_text
from sensor_hub.words.numbers import UNKNOWN, fixed, known, number, unit, whole
from sensor_hub.words.translation import translate as _

PER_CENT: Final = 100.0


def run_time(seconds: float) -> str:
    """A moment of a run: 4:05, or 1:04:05 from an hour on."""
    n_s = round(seconds)
    sign, n_s = ("−", -n_s) if n_s < 0 else ("", n_s)
    if n_s < S_PER_MIN * S_PER_MIN:
        return f"{sign}{n_s // 60}:{n_s % 60:02d}"
    return f"{sign}{n_s // 3600}:{n_s // 60 % 60:02d}:{n_s % 60:02d}"


def row_header() -> list[str]:
    """Columns of the table behind a timeline."""
    return [
        _("From"),
        _("Cadence, spm"),
        _("Contact time, ms"),
        _("Spread, ms"),
        _("Speed, {unit}").format(unit=unit("speed_mps")),
        _("Pace"),
        _("Slope, %"),
        _("Left of contact, %"),
        _("Load so far, {unit}").format(unit=unit("load_eq_km")),
        _("Hard push-offs so far, {unit}").format(unit=unit("hard_load_bw_s")),
    ]


def rows(timeline: Timeline, *, lower_bound: bool) -> list[list[str]]:
    """Return a row for each piece. lower_bound : too little was recorded, so that sums are "at least" after a gap."""
    first_gap_s = min((gap.begin_s for gap in timeline.gaps), default=float("inf"))
    found = []
    for i, middle_s in enumerate(timeline.at_s.tolist()):
        at_least = "≥ " if lower_bound and middle_s + timeline.bin_s / 2 > first_gap_s else ""
        speed_mps, load = float(timeline.speed_mps[i]), number(float(timeline.load_eq_km[i]), "load_eq_km")
        hard = number(float(timeline.hard_load_bw_s[i]), "hard_load_bw_s")
        found.append([
            run_time(max(middle_s - timeline.bin_s / 2, 0.0)),
            whole(float(timeline.cadence_spm[i])),
            whole(float(timeline.contact_time_s[i]), MS_PER_S),
            whole(float(timeline.contact_time_sd[i]), MS_PER_S),
            number(speed_mps, "speed_mps"),
            pace_text(speed_mps),
            percent(float(timeline.grade[i]), 1),
            percent(float(timeline.balance_left[i]), 1),
            load if load == UNKNOWN else f"{at_least}{load}",
            hard if hard == UNKNOWN else f"{at_least}{hard}",
        ])  # fmt: skip
    return found


def percent(value: float, decimals: int) -> str:
    """A part of 1 in percent without its sign; an en dash if unknown."""
    return fixed(value * PER_CENT, decimals) if known(value) else UNKNOWN


def unseen_header() -> list[str]:
    """Columns of the table of gaps and pauses."""
    return [_("From"), _("To"), _("Lasted"), _("Sensor"), _("Why")]


def unseen_row(unseen: Unseen) -> list[str]:
    """A gap or a pause: from, to, how long, of which sensor, and why."""
    return [
        run_time(unseen.begin_s),
        run_time(unseen.end_s),
        lasted_text(unseen.end_s - unseen.begin_s),
        unseen.device or _("all"),
        unseen_text(unseen.cause),
    ]


def lasted_text(seconds: float) -> str:
    """How long something lasted: 3.5 s, or 4:05."""
    return _("{n} s").format(n=fixed(seconds, 1)) if seconds < S_PER_MIN else run_time(seconds)
