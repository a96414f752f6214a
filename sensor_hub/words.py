"""Every sentence a person reads about load, in one place, for the pages and the command line.

The style: against the runner's own history; a modelled value is called modelled; nothing diagnoses, predicts or
promises. Sentences are looked up by gettext; without a translation they stand as written. Values come in SI or in the
measure's own unit and leave as text; unknown leaves as an en dash, never as zero.
"""

import gettext
import math
from datetime import date
from typing import Final

from sensor_hub.model.finding import Finding
from sensor_hub.model.load import Headroom, Measure
from sensor_hub.units import M_PER_KM

UNKNOWN: Final = "–"
_WEEK_DAYS: Final = 7
_ABSURD_RATIO: Final = 100.0
_EIGHTY_PERCENT: Final = 1.2816  # standard deviations either side that hold 80 % of a normal distribution

_translations = gettext.NullTranslations()


def use_translations(translations: gettext.NullTranslations) -> None:
    """Let every later sentence come from this catalogue; ``NullTranslations()`` brings the originals back."""
    global _translations
    _translations = translations


def translate(text: str) -> str:
    """The text in the language in use."""
    return _translations.gettext(text)


_ = translate


def safety_text() -> str:
    """What stands at the foot of every page."""
    return _(
        "Training information, not medical advice. Sudden severe pain, a pop or snap, being unable to bear weight, "
        "walk or rise on your toes, severe bruising or swelling: seek medical care now."
    )


# --- numbers ---------------------------------------------------------------------------------------------------------


def known(value: float | None) -> bool:
    """Whether there is a number: neither None nor NaN nor infinite."""
    return value is not None and math.isfinite(value)


def number(value: float | None, measure: Measure) -> str:
    """A value of a measure as digits: km and eq-km to a tenth, BW·s whole; an en dash if unknown."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    if measure == "distance_m":
        return _fixed(value / M_PER_KM, 1)
    return _fixed(value, 1 if measure == "load_eq_km" else 0)


def unit(measure: Measure) -> str:
    """The unit a measure is shown in."""
    return {"distance_m": _("km"), "load_eq_km": _("eq-km"), "hard_load_bw_s": _("BW·s")}[measure]


def quantity(value: float | None, measure: Measure) -> str:
    """A value with its unit; an en dash alone if unknown."""
    return f"{number(value, measure)} {unit(measure)}" if known(value) else UNKNOWN


def bounded(value: float | None, measure: Measure, *, lower_bound: bool) -> str:
    """A value with its unit, marked as "at least" where only part was recorded."""
    return f"≥ {quantity(value, measure)}" if lower_bound and known(value) else quantity(value, measure)


def share(value: float | None) -> str:
    """A share of 1 in percent; an en dash if unknown."""
    return UNKNOWN if value is None or not math.isfinite(value) else f"{value * 100:.0f} %"


def whole(value: float | None, scale: float = 1.0) -> str:
    """``value * scale`` as whole digits, such as cadence in steps/min or contact time in ms (scale 1000)."""
    return UNKNOWN if value is None or not math.isfinite(value) else _fixed(value * scale, 0)


def day_name(day: date) -> str:
    """A short day: 16 Nov."""
    months = [
        _("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun"), _("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov"),
        _("Dec"),
    ]  # fmt: skip
    return _("{day} {month}").format(day=day.day, month=months[day.month - 1])


def age(seconds: float | None) -> str:
    """How old the newest message is."""
    if seconds is None or not math.isfinite(seconds):
        return _("no data yet")
    if seconds < 2:
        return _("now")
    if seconds < 120:
        return _("{n} s ago").format(n=int(seconds))
    if seconds < 7200:
        return _("{n} min ago").format(n=int(seconds // 60))
    if seconds < 172800:
        return _("{n} h ago").format(n=int(seconds // 3600))
    return _("{n} days ago").format(n=int(seconds // 86400))


def _fixed(value: float, decimals: int) -> str:
    text = f"{value:.{decimals}f}"
    return text.removeprefix("-") if float(text) == 0 else text.replace("-", "−")


# --- single words ----------------------------------------------------------------------------------------------------


def state_word(state: str) -> str:
    """The word beside a tile's shape."""
    return {
        "alert": _("Above limit"),
        "near": _("Near limit"),
        "ok": _("Within limits"),
        "unknown": _("Not judged"),
        "idle": _("Not running"),
    }[state]


def short_measure(measure: Measure) -> str:
    """What a measure is called where room is short."""
    return {"distance_m": _("Distance"), "load_eq_km": _("Push-off load"), "hard_load_bw_s": _("Hard push-offs")}[
        measure
    ]


def measure_name(measure: Measure) -> str:
    """What a measure is called."""
    return {
        "distance_m": _("Distance"),
        "load_eq_km": _("Push-off load (modelled)"),
        "hard_load_bw_s": _("Hard push-offs (modelled)"),
    }[measure]


def reason_text(reason: str | None) -> str:
    """Why a limit or a number is unknown; a reason not listed here is shown as it came."""
    if not reason:
        return _("not known")
    words = {
        "no-history": _("no run in the last 30 days"),
        "low-coverage": _("too little of the run was recorded"),
        "no-source": _("this sensor does not measure it"),
        "hub-away": _("the hub cannot be reached"),
    }
    return words.get(reason, reason)


def cadence_reason(tier: str | None) -> str:
    """Why there is no cadence, from the tier of the session's source; None means no session."""
    return _("no run in progress") if tier is None else _("no cadence yet")


def contact_reason(tier: str | None) -> str:
    """Why there is no contact time, from the tier of the session's source."""
    if tier is None:
        return _("no run in progress")
    if tier == "speed":
        return _("no contact time from this sensor")
    return _("no contact time yet")


def confidence_text(confidence: str) -> str:
    """A remark on how much history there is; empty when there is enough."""
    return {
        "learning": _("Still learning: fewer than 14 days of history."),
        "low": _("Low confidence: the first 14 days of history."),
    }.get(confidence, "")


def model_label(model: str, reference: str) -> str:
    """Model and reference of a load, such as ``achilles-0.1, provisional · ref-pop-1``; version 0 is provisional."""
    version = model.rpartition("-")[2]
    name = _("{model}, provisional").format(model=model) if version.split(".")[0] == "0" else model
    return " · ".join(part for part in (name, reference) if part)


def interval_sentence(value: float | None, sd: float | None) -> str:
    """The 80 % interval of a modelled load in eq-km; empty if either number is unknown."""
    if value is None or sd is None or not (math.isfinite(value) and math.isfinite(sd)) or sd <= 0:
        return ""
    half = _EIGHTY_PERCENT * sd
    return _("Load so far {value} eq-km, likely {low} to {high} (80 %).").format(
        value=_fixed(value, 1), low=_fixed(max(value - half, 0.0), 1), high=_fixed(value + half, 1)
    )


def headroom_sentence(headroom: Headroom) -> str:
    """What one session limit leaves today, as a sentence."""
    measure = headroom.measure
    name = measure_name(measure)
    if not known(headroom.limit) or headroom.left is None or not math.isfinite(headroom.left):
        return _("{name}: headroom not known, {reason}.").format(name=name, reason=reason_text(headroom.reason))
    values = {
        "name": name,
        "so_far": number(headroom.so_far, measure),
        "limit": quantity(headroom.limit, measure),
        "left": quantity(abs(headroom.left), measure),
    }
    if headroom.left < 0:
        return _("{name}: {so_far} of {limit}, {left} above the limit.").format(**values)
    return _("{name}: {so_far} of {limit}, {left} left.").format(**values)


def headroom_note(headroom: Headroom) -> str:
    """The headroom alone, for under a bar that already shows value and limit."""
    if headroom.left is None or not math.isfinite(headroom.left):
        return _("Headroom –: {reason}").format(reason=reason_text(headroom.reason))
    left = quantity(abs(headroom.left), headroom.measure)
    note = _("{left} above the limit") if headroom.left < 0 else _("{left} left")
    remark = {"learning": _("learning"), "low": _("low confidence")}.get(headroom.confidence)
    return note.format(left=left) + (f" · {remark}" if remark else "")


# --- findings --------------------------------------------------------------------------------------------------------


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
        value=_at_least(finding),
        reference=quantity(finding.reference, measure),
        limit=quantity(finding.limit, measure),
    )
    lines.append(f"{numbers} {_against_reference(finding)}".rstrip())
    lines.append(_certainty(finding))
    if finding.lower_bound:
        lines.append(_("Less than 80 % of it was recorded, so the true value is at least the one shown."))
    lines.append(confidence_text(finding.confidence) or _("Confidence: normal, more than 14 days of history."))
    lines.append(evidence(finding.rule, measure))
    if finding.severity == "info":
        lines.append(_("For information; it asks for nothing."))
    if finding.origin == "simulated":
        lines.append(_("The data are simulated; no person ran this."))
    if finding.withdrawn:
        lines.append(_("Withdrawn: with all data in, it is no longer true."))
    return lines


def evidence(rule: str, measure: Measure) -> str:
    """What a rule rests on."""
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
        return {
            "distance_m": _("This run's distance"),
            "load_eq_km": _("This run's modelled push-off load"),
            "hard_load_bw_s": _("This run's modelled hard push-off load"),
        }[finding.measure]
    subject = {
        "distance_m": _("The distance of the week from {monday}"),
        "load_eq_km": _("The modelled push-off load of the week from {monday}"),
        "hard_load_bw_s": _("The modelled hard push-off load of the week from {monday}"),
    }[finding.measure]
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
        text = _("their highest run of the last {n} days") if theirs else _("your highest run of the last {n} days")
    return text.format(n=finding.window_days)


def _at_least(finding: Finding) -> str:
    value = quantity(finding.value, finding.measure)
    return _("at least {value}").format(value=value) if finding.lower_bound else value


def _ratio(value: float, reference: float) -> float | None:
    """Return value / reference; None where a reference near zero makes it say nothing."""
    if not (math.isfinite(value) and reference > 0) or value > _ABSURD_RATIO * reference:
        return None
    return value / reference


def _percent(finding: Finding) -> int | None:
    ratio = _ratio(finding.value, finding.reference)
    return None if ratio is None else round((ratio - 1.0) * 100)


def _claim(finding: Finding, *, theirs: bool) -> str:
    values = {
        "subject": _subject(finding),
        "value": _at_least(finding),
        "reference": _reference(finding, theirs=theirs),
        "reference_value": quantity(finding.reference, finding.measure),
        "limit": quantity(finding.limit, finding.measure),
        "left": quantity(max(finding.limit - finding.value, 0.0), finding.measure),
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
    verdict = {
        "above": _("above the limit"),
        "too-close": _("too close to call"),
        "below": _("below the limit"),
    }[finding.certainty]
    if finding.measure == "distance_m" and finding.certainty == "too-close":
        return _("Certainty: too close to call; an earlier run in the window was only partly recorded.")
    if finding.measure == "distance_m":
        return _("Certainty: {verdict}; a distance counts as exact.").format(verdict=verdict)
    text = _("Certainty: {verdict}; probability of being above the limit {percent} %.")
    return text.format(verdict=verdict, percent=round(finding.probability * 100))
