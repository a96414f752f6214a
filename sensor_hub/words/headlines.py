"""A finding in one short line, for a tile on which value and limit stand too; the whole sentence is a tap away."""

from sensor_hub.model.finding import Finding
from sensor_hub.words.findings import finding_headline
from sensor_hub.words.numbers import apart
from sensor_hub.words.terms import short_measure
from sensor_hub.words.translation import translate as _

_RUN_RULE = "session-limit"


def finding_in_short(finding: Finding) -> str:
    """What was found of a run, against the runner's own history; of any other rule its headline."""
    if finding.rule != _RUN_RULE or finding.measure not in {"load_eq_km", "distance_m"}:
        return finding_headline(finding, theirs=True)
    remark = "" if finding.confidence == "normal" else _(" (still learning)")
    return _claim(finding) + remark


def _claim(finding: Finding) -> str:
    percent = _percent_above(finding)
    values = {
        "what": short_measure(finding.measure),  # type: ignore[arg-type]
        "percent": percent,
        "n": finding.window_days,
        "left": apart(min(finding.value, finding.limit), finding.limit, finding.measure),
    }
    if finding.certainty == "too-close":
        return _("{what} may be above the limit: too close to call").format(**values)
    if finding.certainty == "below" or finding.level == "near":
        text = _("{what} close to the limit: {left} left")
        if finding.lower_bound:
            text = _("{what} below the limit as far as it was recorded; not judged")
        return text.format(**values)
    if percent is None:
        return _("{what} above the limit").format(**values)
    is_distance = finding.measure == "distance_m"
    if finding.level == "over-100":
        text = _("{what} more than twice their highest run of {n} days")
        if is_distance:
            text = _("{what} more than twice their longest run of {n} days")
    elif finding.lower_bound:
        text = _("{what} at least {percent} % above their highest run of {n} days")
        if is_distance:
            text = _("{what} at least {percent} % above their longest run of {n} days")
    else:
        text = _("{what} {percent} % above their highest run of {n} days")
        if is_distance:
            text = _("{what} {percent} % above their longest run of {n} days")
    return text.format(**values)


def _percent_above(finding: Finding) -> int | None:
    """Return how much above the reference, in percent; None where a reference near zero makes it say nothing."""
    if not finding.reference > 0 or finding.value > 100 * finding.reference:
        return None
    percent = round((finding.value / finding.reference - 1) * 100)
    return percent if percent > 0 else None


__all__ = ["finding_in_short"]
