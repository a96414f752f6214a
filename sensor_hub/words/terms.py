"""States, measures, reasons, headroom: the words of a tile."""

import math
from collections.abc import Iterable
from typing import Final

from sensor_hub.model.finding import Finding
from sensor_hub.model.load import Headroom, Measure
from sensor_hub.words.lengths import load_scale, load_unit
from sensor_hub.words.numbers import EIGHTY_PERCENT, apart, as_a_force, fixed, known, number, quantity
from sensor_hub.words.translation import translate as _

ALERT_PROBABILITY: Final = 0.8  # from here on a limit counts as passed
TOO_CLOSE_PROBABILITY: Final = 0.5
WORTH_SAYING: Final = 0.05  # below it, and that near to 1, a probability tells nobody anything (ours)


def safety_text() -> str:
    """What stands at the foot of every page."""
    return _(
        "Training information, not medical advice. Sudden severe pain, a pop or snap, being unable to bear weight, "
        "walk or rise on your toes, severe bruising or swelling: seek medical care now."
    )


def state_word(state: str, findings: Iterable[Finding] = ()) -> str:
    """The word beside a tile's shape; what "near" is called comes from the session findings that stand."""
    return {
        "alert": _("Above limit"),
        "near": _near_word(findings),
        "ok": _("Within limits"),
        "unknown": _("Not judged"),
        "idle": _("Not running"),
    }[state]


def _near_word(findings: Iterable[Finding]) -> str:
    standing = [f for f in findings if f.scope.startswith("session") and not f.withdrawn]
    if any(f.certainty == "too-close" for f in standing):
        return _("Too close to call")
    if any(f.certainty == "above" and f.level != "near" and f.severity == "info" for f in standing):
        return _("Above limit, still learning")
    return _("Near limit")


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
        "hard_load_bw_s": _("Hard push-offs ({caveat})").format(caveat=as_a_force()),
    }[measure]


def reason_text(reason: str | None) -> str:
    """Why a limit or a number is unknown; a reason not listed here is shown as it came."""
    if not reason:
        return _("not known")
    words = {
        "no-history": _("no earlier run with a known value in the last 30 days"),
        "low-coverage": _("too little of the run was recorded"),
        "no-source": _("this sensor does not measure it"),
        "hub-away": _("the hub cannot be reached"),
        "nothing-before": _("there was none in the runs of the last 30 days"),
        "bridging": _("another sensor or model: loads are learned anew"),
        "unknown-run": _("a run of this day was not measured"),
        "not-recorded": _("this day was run on and not recorded"),
        "held": _("held back for now"),
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
        "learning": _("Still learning: fewer than 14 days of history with this sensor."),
        "low": _("Low confidence: the first 14 days of history."),
    }.get(confidence, "")


def model_label(model: str, reference: str) -> str:
    """Model and reference of a load, such as ``achilles-1.0.0 · ref-pop-1``; version 0 was provisional."""
    version = model.rpartition("-")[2]
    name = _("{model}, provisional").format(model=model) if version.split(".")[0] == "0" else model
    return " · ".join(part for part in (name, reference) if part)


def interval_sentence(value: float | None, sd: float | None) -> str:
    """The 80 % interval of a modelled load; empty if either number is unknown."""
    if value is None or sd is None or not (math.isfinite(value) and math.isfinite(sd)) or sd <= 0:
        return ""
    half = EIGHTY_PERCENT * sd
    return _("Load of this run {value} {unit}, likely {low} to {high} (80 %).").format(
        value=fixed(value * load_scale(), 1),
        unit=load_unit(),
        low=fixed(max(value - half, 0.0) * load_scale(), 1),
        high=fixed((value + half) * load_scale(), 1),
    )


def headroom_sentence(headroom: Headroom) -> str:
    """What one session limit leaves today, as a sentence."""
    measure = headroom.measure
    name = measure_name(measure)
    if headroom.reason == "held":
        return _("{name}: no headroom, {reason}.").format(name=name, reason=reason_text("held"))
    if not known(headroom.limit) or headroom.left is None or not math.isfinite(headroom.left):
        return _("{name}: headroom not known, {reason}.").format(name=name, reason=reason_text(headroom.reason))
    values = {
        "name": name,
        "so_far": number(headroom.so_far, measure),
        "limit": quantity(headroom.limit, measure),
        "left": apart(headroom.so_far, headroom.limit, headroom.measure),
    }
    text = _("{name}: {so_far} of {limit}, {left} left.")
    if headroom.left < 0:
        text = _("{name}: {so_far} of {limit}, {left} above the limit.")
    if headroom.left < 0 and is_too_close(headroom):
        text = _("{name}: {so_far} of {limit}, too close to call.")
    hills = _(" Hills are not counted live: nothing tells the slope.") if headroom.without_hills else ""
    return text.format(**values) + hills


def headroom_note(headroom: Headroom) -> str:
    """The headroom alone, for under a bar that already shows value and limit."""
    if headroom.left is None or not math.isfinite(headroom.left):
        return _("Headroom –: {reason}").format(reason=reason_text(headroom.reason))
    note = _("{left} above the limit") if headroom.left < 0 else _("{left} left")
    if headroom.left < 0 and is_too_close(headroom):
        note = ""
    remark = _("still learning") if headroom.confidence != "normal" else ""
    hills = _("hills not counted live") if headroom.without_hills else ""
    return " · ".join(
        part
        for part in (
            note.format(left=apart(headroom.so_far, headroom.limit, headroom.measure)),
            likelihood_text(headroom),
            hills,
            remark,
        )
        if part
    )


def likelihood_text(headroom: Headroom) -> str:
    """How likely a limit is passed; empty where that is unknown, or so plain that it tells nobody anything."""
    chance = headroom.probability
    if chance is None or not WORTH_SAYING <= chance <= 1 - WORTH_SAYING:
        return ""
    text = _("{percent} % chance that it is already above")
    if chance >= TOO_CLOSE_PROBABILITY:
        text = _("too close to call: {percent} % that it is above") if is_too_close(headroom) else _("{percent} % sure")
    return text.format(percent=fixed(chance * 100, 0))


def is_too_close(headroom: Headroom) -> bool:
    """Whether a load may as well be above its limit as below: then it is called neither."""
    chance = headroom.probability
    return chance is not None and TOO_CLOSE_PROBABILITY <= chance < ALERT_PROBABILITY
