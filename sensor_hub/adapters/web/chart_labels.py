"""What the charts of weeks and runs are called, and what they say of a place."""

from sensor_hub.model.diary import PainSide
from sensor_hub.model.load import Measure
from sensor_hub.words import as_a_force, short_measure, unit
from sensor_hub.words import translate as _


def band_name() -> str:
    """The ground between what a limit grows from and the limit."""
    return _("Guideline band")


def range_name() -> str:
    """The whiskers of the bars."""
    return _("Likely range")


def tolerance_line() -> str:
    """What known rest has left of the highest week."""
    return _("Tolerance line")


def longest_line() -> str:
    """The longest run of the 30 days before."""
    return _("Longest of 30 days")


def stage_strip() -> str:
    """The boxes above the days."""
    return _("Stage of the plan")


def week_of(day: str) -> str:
    """First line of a week's tooltip."""
    return _("Week from {day}").format(day=day)


def no_run() -> str:
    """A day without a run."""
    return _("no run")


def not_known() -> str:
    """A value nobody knows."""
    return _("not known")


def line_is(amount: str) -> str:
    """The week line in a tooltip."""
    return _("week line {amount}").format(amount=amount)


def tolerated_is(amount: str) -> str:
    """The tolerance line in a tooltip."""
    return _("tolerance {amount}").format(amount=amount)


def limit_is(amount: str) -> str:
    """The session limit in a tooltip."""
    return _("session limit {amount}").format(amount=amount)


def longest_is(amount: str) -> str:
    """The longest run before, in a tooltip."""
    return _("longest of the 30 days before {amount}").format(amount=amount)


def stage_is(stage: int) -> str:
    """The stage of the plan on a day."""
    return _("plan: stage {stage}").format(stage=stage)


def pain_line(level: float, side: PainSide, *, at_rest: bool) -> str:
    """A level with its side and whether it was at rest or with a run."""
    where = {"L": _("left"), "R": _("right"), "both": _("both or not said")}[side]
    when = _("at rest") if at_rest else _("with a run")
    return _("pain {level}/10, {where}, {when}").format(level=f"{level:g}", where=where, when=when)


def weekly_note(measure: Measure) -> str:
    """What the lines of the weekly chart are."""
    if measure == "hard_load_bw_s":
        return _("Hard push-offs a leg, {caveat}. No rule judges a week by them.").format(caveat=as_a_force())
    return _(
        "Band: from the highest of the last 4 full weeks to the week line. Tolerance line: that week, less what a "
        "known rest takes away."
    )


def sessions_note(measure: Measure) -> str:
    """What the lines of the session chart are."""
    text = _("Band: from the longest single run of the 30 days before to the session limit.")
    if measure == "hard_load_bw_s":
        return text + " " + _("Hard push-offs a leg, {caveat}.").format(caveat=as_a_force())
    return text


def chart_keys(line: str, thin: str) -> list[tuple[str, str]]:
    """Keys that both charts have, beside their bars: style and text. line : the dashed one's name, thin : the other."""
    return [
        ("above", _("▲ above the line")),
        ("line", line),
        ("reference", thin),
        ("band", band_name()),
        ("range", _("likely range (80 %)")),
        ("bound", _("≥ at least: partly recorded")),
        ("unknown", _("not known")),
        ("bridge", _("new sensor or model: learning, load not judged")),
        ("stage", _("stage of the plan")),
        ("pain-left", _("pain, left")),
        ("pain-right", _("pain, right")),
        ("pain-both", _("pain, both or not said")),
        ("pain-filled", _("filled: at rest, as in the morning")),
        ("pain-hollow", _("hollow: with or after a run")),
    ]


def weekly_header(*, with_pain: bool) -> list[str]:
    """Columns of the weekly table."""
    return [
        _("Week from"), _column("distance_m"), _("Week line"), _column("load_eq_km"), _("Week line"), _("Tolerance"),
        _column("hard_load_bw_s"), _("Runs"), *([_("Pain")] if with_pain else []),
    ]  # fmt: skip


def sessions_header(*, with_pain: bool) -> list[str]:
    """Columns of the session table."""
    return [
        _("Day"), _column("distance_m"), _("Limit"), _column("load_eq_km"), _("Limit"), _column("hard_load_bw_s"),
        _("Limit"), _("Recorded"), *([_("Pain"), _("Stage")] if with_pain else []),
    ]  # fmt: skip


def _column(measure: Measure) -> str:
    name = {
        "distance_m": short_measure("distance_m"),
        "load_eq_km": _("Modelled load"),
        "hard_load_bw_s": _("Hard push-offs ({caveat})").format(caveat=as_a_force()),
    }[measure]
    return _("{name}, {unit}").format(name=name, unit=unit(measure))


def charts_title() -> str:
    """Name of the two charts."""
    return _("Weeks and runs")
