"""Words for warnings that events carry as codes."""

from typing import Any

from sensor_hub.words import gap_causes, wearing_doubt, wearing_doubts
from sensor_hub.words import translate as _


def warning_text(code: str) -> str:
    """One sentence for a warning of a session; an unknown code is shown as it is."""
    name, _colon, detail = code.partition(":")
    sentences = {
        "silence": _("there are gaps: what happened in them is unknown and lowers the coverage"),
        "clock-reset": _("the device's clock ran backwards or jumped: what lies between is unknown"),
        "rate-too-low": _("the sensor samples too slowly to time a contact"),
        "decode-failed": _("{n} notifications could not be decoded; they are kept in the recording").format(n=detail),
        "no-gyroscope": _("without a gyroscope on foot or shank no contact can be found; that time is unknown"),
        "no-acceleration": _("without usable acceleration no contact can be found; that time is unknown"),
        "stale": _("a sensor repeated old values: what happened meanwhile is unknown"),
        "cadence-unit-doubtful": _("the cadence looks like that of one foot taken for both: is the profile right?"),
        "implausible-cadence": _("many steps are faster than anybody runs: is the mount right?"),
        "calibration-void": _("the calibration was made with another method and was not used: calibrate again"),
        "contact-time-never-came": _(
            "the sensor is of a kind that measures contact time, but none came: the load is estimated without it"
        ),
        "no-contact-time": _("this source has no usable contact time"),
        "provisional-model": _("the load model is provisional: compare its numbers, do not believe them"),
        "nothing-usable": _("no reading in it could be used"),
        "summary-only": _("a line of a log: distance and duration only, its load is unknown"),
        "no-start-time": _("the file has no date; times count from its first sample"),
    }
    if name in sentences:
        return sentences[name]
    if name in wearing_doubts():
        return wearing_doubt(code)
    because = gap_causes().get(name)
    return _("there are gaps: {because}").format(because=because) if because else code


def fault_text(path: str, fault: Any) -> str:
    """One line for something wrong in a file."""
    kind = _("lost") if fault.lost else _("warning")
    return f"{path}: {fault.place}: {fault.problem} ({kind})"
