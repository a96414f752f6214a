"""What findings of the rules beside the limits say: new exposure, spacing, build-up, breaks, and what has shifted."""

from collections.abc import Callable
from datetime import date
from typing import Final, TypeAlias

from sensor_hub.model.finding import Finding, FindingMeasure
from sensor_hub.words.numbers import as_a_force, day_name, quantity
from sensor_hub.words.translation import translate as _

_Claim: TypeAlias = Callable[[Finding, bool], str]


def is_exposure(rule: str) -> bool:
    """Whether a rule's words stand here."""
    return rule in _CLAIMS


def claim(finding: Finding, *, theirs: bool) -> str:
    """A finding in one sentence."""
    return _CLAIMS[finding.rule](finding, theirs)


def rule_text(finding: Finding) -> str:
    """What the rule asks for."""
    return _fill(_rule_texts()[finding.rule], finding)


def certainty_text(finding: Finding) -> str:
    """Whether what it is compared with is known."""
    if finding.certainty == "too-close":
        return _("Certainty: too close to call; a part of what it rests on is estimated or not known.")
    if finding.measure in {"load_eq_km", "hard_load_bw_s"}:
        return _("Certainty: above the limit; the load is modelled.")
    return _("Certainty: everything it is compared with is known.")


def evidence_text(rule: str) -> str:
    """What a rule rests on."""
    if rule in {"week-speed", "week-runs", "week-climb"}:
        return _("Evidence: traditional rule; a randomised trial found no effect (Buist 2008, n = 532).")
    if rule == "run-spacing":
        return _("Evidence: a wish; how much rest is enough is not known.")
    if rule == "strike-change":
        return _("Evidence: contradictory; no way of landing is advised.")
    return _("Evidence: a source text asks for it; it is no trial, and how it is counted is ours.")


def _value(finding: Finding) -> str:
    value = quantity(finding.value, finding.measure)
    if finding.measure == "hard_load_bw_s":
        value = f"{value}; {as_a_force()}"
    return _("at least {value}").format(value=value) if finding.lower_bound else value


def _week(finding: Finding) -> str:
    try:
        return day_name(date.fromisoformat(finding.scope.removeprefix("week:")))
    except ValueError:
        return "?"


def _fill(text: str, finding: Finding, **more: object) -> str:
    over = round((finding.value / finding.reference - 1) * 100) if finding.reference > 0 else 0
    return text.format(
        value=_value(finding),
        reference=quantity(finding.reference, finding.measure),
        limit=quantity(finding.limit, finding.measure),
        n=finding.window_days,
        monday=_week(finding),
        percent=over,
        allowed=round((finding.limit / finding.reference - 1) * 100) if finding.reference > 0 else 0,
        **more,
    )


def _is_sure(finding: Finding) -> bool:
    return finding.certainty != "too-close"


def _hills(finding: Finding, _theirs: bool) -> str:
    by_time = finding.measure == "uphill_s"
    what = _("This run went uphill for {value}.") if by_time else _("This run climbed {value}.")
    first = _("It is the first uphill run of {n} days.")
    maybe = _("It may be the first uphill run of {n} days: too close to call.")
    return _fill(f"{what} {first if _is_sure(finding) else maybe}", finding)


def _fast(finding: Finding, theirs: bool) -> str:
    held, mean = _("This run held {value} for five minutes"), _("This run had a mean speed of {value}")
    than = _("faster than their easy running ({reference}).") if theirs else _(
        "faster than your easy running ({reference})."
    )  # fmt: skip
    first = _("It is the first fast run of {n} days.")
    maybe = _("It may be the first fast run of {n} days: too close to call.")
    speed = quantity(finding.value, finding.measure)
    text = f"{mean if finding.lower_bound else held}, {than} {first if _is_sure(finding) else maybe}"
    return _fill(text.replace("{value}", speed), finding)


def _hard_days(finding: Finding, _theirs: bool) -> str:
    if _is_sure(finding):
        return _fill(_("With this run {value} in a row were hard."), finding)
    return _fill(_("With this run {value} in a row may have been hard: too close to call."), finding)


def _hard_spacing(finding: Finding, _theirs: bool) -> str:
    if _is_sure(finding):
        return _fill(_("This hill or fast run began {value} after another one; the rule leaves {limit}."), finding)
    return _fill(
        _(
            "This run began {value} after another; both may have been uphill or fast (the rule: {limit}): too close to "
            "call."
        ),
        finding,
    )


def _run_spacing(finding: Finding, theirs: bool) -> str:
    theirs_is = _("This run began {value} after the one before; they want {limit} between runs.")
    text = theirs_is if theirs else _("This run began {value} after the one before; you want {limit} between runs.")
    return _fill(text, finding)


def _week_speed(finding: Finding, _theirs: bool) -> str:
    text = _("The mean speed of the week from {monday} ({value}) is {percent} % above the week before ({reference}).")
    return _fill(text, finding)


def _week_runs(finding: Finding, _theirs: bool) -> str:
    return _fill(_("The week from {monday} has {value}; the week before had {reference}."), finding)


def _week_climb(finding: Finding, _theirs: bool) -> str:
    text = _("The time uphill of the week from {monday} ({value}) is {percent} % above the week before ({reference}).")
    return _fill(text, finding)


def _build_up(finding: Finding, _theirs: bool) -> str:
    text = _(
        "The distance of the week from {monday} ({value}) is {percent} % above where it stood four weeks before "
        "({reference})."
    )
    maybe = _(
        "The distance of the week from {monday} ({value}) may be {percent} % above where it stood four weeks before "
        "({reference}): too close to call."
    )
    return _fill(text if _is_sure(finding) else maybe, finding)


def _return(finding: Finding, theirs: bool) -> str:
    if finding.scope.startswith("week"):
        text = _("The week from {monday} ({value}) is back near the weeks before the break ({reference} each).")
        maybe = _(
            "The week from {monday} ({value}) is near the weeks before ({reference} each), and nobody has said whether "
            "the days between were rest: too close to call."
        )
        return _fill(text if _is_sure(finding) else maybe, finding)
    subjects: dict[FindingMeasure, str] = {
        "distance_m": _("This run's distance"),
        "load_eq_km": _("This run's modelled push-off load"),
        "hard_load_bw_s": _("This run's hard push-off load"),
    }
    text = _("{subject} ({value}) is above what a rest leaves of your highest before it ({reference}).")
    if theirs:
        text = _("{subject} ({value}) is above what a rest leaves of their highest before it ({reference}).")
    if not _is_sure(finding):
        text = _("{subject} ({value}) may be above what a rest leaves ({reference}): too close to call.")
    return _fill(text, finding, subject=subjects[finding.measure])


def _surface(finding: Finding, _theirs: bool) -> str:
    where: dict[FindingMeasure, str] = {
        "treadmill_share": _("a treadmill"),
        "track_share": _("a track"),
        "trail_share": _("trails"),
        "road_share": _("roads and paths"),
    }
    text = _("{value} of the distance of the week from {monday} was on {where}, {reference} in the {n} days before.")
    return _fill(text, finding, where=where[finding.measure])


def _strike(finding: Finding, _theirs: bool) -> str:
    text = _(
        "{value} of the distance of the week from {monday} was landed mostly on the forefoot, {reference} in the {n} "
        "days before."
    )
    return _fill(text, finding)


_CLAIMS: Final[dict[str, _Claim]] = {
    "new-hills": _hills,
    "new-fast": _fast,
    "hard-days": _hard_days,
    "hard-spacing": _hard_spacing,
    "run-spacing": _run_spacing,
    "week-speed": _week_speed,
    "week-runs": _week_runs,
    "week-climb": _week_climb,
    "build-up": _build_up,
    "return-after-break": _return,
    "surface-change": _surface,
    "strike-change": _strike,
}
EXPOSURE_RULES: Final = frozenset(_CLAIMS)


def _rule_texts() -> dict[str, str]:
    return {
        "new-hills": _("Rule: a run uphill after {n} days without one is a new load (from {limit} on)."),
        "new-fast": _("Rule: five minutes above {limit} after {n} days without them are a new load."),
        "hard-days": _("Rule: no hard day after a hard day; hard is uphill, fast, or far more than the usual day."),
        "hard-spacing": _("Rule: {limit} between two runs that are uphill or fast."),
        "run-spacing": _("Rule: {limit} between two runs, as asked for."),
        "week-speed": _("Rule: the mean speed of a week is at most {limit} after the week before."),
        "week-runs": _("Rule: runs a week rise by no more than {allowed} %."),
        "week-climb": _("Rule: the time uphill of a week is at most {limit} after the week before."),
        "build-up": _("Rule: within four weeks a week grows by no more than {allowed} % in all, here to {limit}."),
        "return-after-break": _("Rule: after a break or weeks of less than half, not at once as much as before."),
        "surface-change": _("Rule: the share of a surface does not rise above {limit} from one week to the next."),
        "strike-change": _("Rule: a change of landing is noticed; no way of landing is advised."),
    }
