"""What a finding says, and why."""

import math
from datetime import date
from typing import Final

from sensor_hub.model.finding import Finding, FindingMeasure
from sensor_hub.words.exposures import certainty_text, claim, evidence_text, is_exposure, rule_text
from sensor_hub.words.numbers import UNKNOWN, apart, as_a_force, day_name, quantity
from sensor_hub.words.terms import confidence_text
from sensor_hub.words.translation import translate as _

_WEEK_DAYS: Final = 7
_ABSURD_RATIO: Final = 100.0
_SURE: Final = 0.8  # probability from which a limit counts as passed, unless chance gives as much too often


def finding_sentence(finding: Finding, name: str | None = None) -> str:
    """One finding in one or two short sentences; ``name`` turns "your" into "their" and stands in front."""
    parts = [_("{name}:").format(name=name)] if name else []
    if finding.withdrawn:
        parts.append(_("Withdrawn, no longer true with all data."))
    if finding.origin == "simulated":
        parts.append(_("Simulated."))
    parts.append(_claim(finding, theirs=name is not None))
    if finding.confidence != "normal":
        parts.append(confidence_text(finding.confidence))
    if _kind(finding) == "above" and finding.severity == "alert" and not finding.withdrawn and _is_session(finding):
        parts.append(_("Many runners keep the next run easier."))
    return " ".join(parts)


def finding_headline(finding: Finding, *, theirs: bool = False) -> str:
    """The claim alone with its caveat, for where room is short and a name stands beside it."""
    parts = [_claim(finding, theirs=theirs), confidence_text(finding.confidence)]
    return " ".join(part for part in parts if part)


def finding_why(finding: Finding) -> list[str]:
    """The reasons behind a finding, a line each: rule, numbers, certainty, confidence, evidence."""
    measure = finding.measure
    lines = [_rule(finding)]
    numbers = _("Value {value} · reference {reference} · limit {limit}.").format(
        value=_shown(finding),
        reference=quantity(finding.reference, measure),
        limit=quantity(finding.limit, measure),
    )
    against = "" if is_exposure(finding.rule) else _against_reference(finding)
    lines.append(f"{numbers} {against}".rstrip())
    lines.append(_certainty(finding))
    if finding.lower_bound:
        lines.append(_at_least_because(finding))
    lines.append(confidence_text(finding.confidence) or _("Confidence: normal, more than 14 days of history."))
    lines.append(evidence(finding.rule, measure))
    if finding.severity == "info":
        lines.append(_("For information; it asks for nothing."))
    if finding.origin == "simulated":
        lines.append(_("The data are simulated; no person ran this."))
    if finding.withdrawn:
        lines.append(_("Withdrawn: with all data in, it is no longer true."))
    return lines


def _at_least_because(finding: Finding) -> str:
    if _is_session(finding):
        return _("Less than 80 % of it was recorded, so the true value is at least the one shown.")
    return _("Not all of the week is known, so the true value is at least the one shown.")


def evidence(rule: str, measure: FindingMeasure) -> str:
    """What a rule rests on."""
    if is_exposure(rule):
        return evidence_text(rule)
    if not rule.startswith("session"):
        return _("Evidence: traditional rule; a randomised trial found no effect (Buist 2008, n = 532).")
    if measure == "distance_m":
        return _("Evidence: one cohort study of running distance (Frandsen 2025, n = 5,205).")
    return _("Evidence: our extrapolation from distance to modelled load.")


def _is_session(finding: Finding) -> bool:
    return finding.scope.startswith("session")


def _is_week_on_week(finding: Finding) -> bool:
    return not _is_session(finding) and finding.window_days <= _WEEK_DAYS


def _kind(finding: Finding) -> str:
    if finding.certainty == "too-close":
        return "too-close"
    return "near" if finding.certainty == "below" or finding.level == "near" else "above"


def _subject(finding: Finding) -> str:
    if _is_session(finding):
        run: dict[FindingMeasure, str] = {
            "distance_m": _("This run's distance"),
            "load_eq_km": _("This run's modelled push-off load"),
            "hard_load_bw_s": _("This run's hard push-off load"),
        }
        return run[finding.measure]
    week: dict[FindingMeasure, str] = {
        "distance_m": _("The distance of the week from {monday}"),
        "load_eq_km": _("The modelled push-off load of the week from {monday}"),
        "hard_load_bw_s": _("The hard push-off load of the week from {monday}"),
    }
    subject = week[finding.measure]
    scope = finding.scope.removeprefix("week:")
    try:
        monday = day_name(date.fromisoformat(scope))
    except ValueError:
        monday = scope
    return subject.format(monday=monday)


def _reference(finding: Finding, *, theirs: bool) -> str:
    if _is_week_on_week(finding):
        return _("the week before")
    if not _is_session(finding):
        text = _("their highest of the last {n} full weeks") if theirs else _("your highest of the last {n} full weeks")
        return text.format(n=round(finding.window_days / _WEEK_DAYS))
    if finding.measure == "distance_m":
        text = _("their longest run of the last {n} days") if theirs else _("your longest run of the last {n} days")
    else:
        theirs_is = _("their highest run of the last {n} days measured the same way")
        text = theirs_is if theirs else _("your highest run of the last {n} days measured the same way")
    return text.format(n=finding.window_days)


def _at_least(finding: Finding) -> str:
    value = quantity(finding.value, finding.measure)
    return _("at least {value}").format(value=value) if finding.lower_bound else value


def _shown(finding: Finding) -> str:
    """The value; one in BW·s is an absolute load and says how far to believe it."""
    value = _at_least(finding)
    return f"{value}; {as_a_force()}" if finding.measure == "hard_load_bw_s" else value


def _ratio(value: float, reference: float) -> float | None:
    """Return value / reference; None where a reference near zero makes it say nothing."""
    if not (math.isfinite(value) and reference > 0) or value > _ABSURD_RATIO * reference:
        return None
    return value / reference


def _percent(finding: Finding) -> int | None:
    ratio = _ratio(finding.value, finding.reference)
    return None if ratio is None else round((ratio - 1.0) * 100)


def _claim(finding: Finding, *, theirs: bool) -> str:
    if is_exposure(finding.rule):
        return claim(finding, theirs=theirs)
    values = {
        "subject": _subject(finding),
        "value": _shown(finding),
        "reference": _reference(finding, theirs=theirs),
        "reference_value": quantity(finding.reference, finding.measure),
        "limit": quantity(finding.limit, finding.measure),
        "left": apart(min(finding.value, finding.limit), finding.limit, finding.measure),
        "percent": _percent(finding),
    }
    kind = _kind(finding)
    if kind == "too-close":
        text = _("{subject} ({value}) may be above the limit ({limit}): too close to call.")
    elif kind == "near" and finding.lower_bound:
        text = _("{subject} ({value}) is below the limit ({limit}) as far as it was recorded; not judged.")
    elif kind == "near":
        text = _("{subject} ({value}) is close to the limit ({limit}): {left} left.")
    elif values["percent"] is None:
        text = _("{subject} ({value}) is above the limit ({limit}).")
    elif finding.level == "over-100":
        text = _("{subject} ({value}) is more than twice {reference} ({reference_value}).")
    else:
        text = _("{subject} ({value}) is {percent} % above {reference} ({reference_value}).")
    return text.format(**values)


def _rule(finding: Finding) -> str:
    if is_exposure(finding.rule):
        return rule_text(finding)
    ratio = _ratio(finding.limit, finding.reference)
    factor = UNKNOWN if ratio is None else f"{ratio:.2f}"
    if _is_session(finding):
        text = _("Rule: session limit = {factor} × the highest single run of the previous {n} days, today excluded.")
        return text.format(factor=factor, n=finding.window_days)
    if _is_week_on_week(finding):
        return _("Rule: week limit = {factor} × the week before.").format(factor=factor)
    text = _("Rule: week limit = {factor} × the highest of the last {n} full weeks.")
    return text.format(factor=factor, n=round(finding.window_days / _WEEK_DAYS))


def _against_reference(finding: Finding) -> str:
    percent = _percent(finding)
    if percent is None:
        return ""
    if percent < 0:
        return _("{percent} % below the reference.").format(percent=-percent)
    return _("{percent} % above the reference.").format(percent=percent)


def _certainty(finding: Finding) -> str:
    if is_exposure(finding.rule):
        return certainty_text(finding)
    verdict = {
        "above": _("above the limit"),
        "too-close": _("too close to call"),
        "below": _("below the limit"),
    }[finding.certainty]
    if finding.measure == "distance_m" and finding.certainty == "too-close" and not _is_session(finding):
        return _("Certainty: too close to call; not all of the weeks it is compared with was recorded.")
    if finding.measure == "distance_m" and finding.certainty == "too-close":
        return _("Certainty: too close to call; an earlier run in the window was only partly recorded.")
    if finding.measure == "distance_m":
        return _("Certainty: {verdict}; a distance counts as exact.").format(verdict=verdict)
    text = _("Certainty: {verdict}; probability of being above the limit {percent} %.")
    if finding.certainty == "too-close" and finding.probability >= _SURE:
        text = _(
            "Certainty: {verdict}; probability of being above the limit {percent} %, but so uncertain a number comes "
            "out as high without any change too often."
        )
    return text.format(verdict=verdict, percent=_sure_percent(finding.probability))


def _sure_percent(probability: float) -> str:
    """A probability in percent; what is nearly sure is not called sure."""
    percent = round(probability * 100)
    return _("over 99") if percent > 99 else _("under 1") if percent < 1 else str(percent)
