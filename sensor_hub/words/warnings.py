"""Words for the warnings that a session carries as codes."""

from collections.abc import Iterable, Mapping
from typing import Final

from sensor_hub.words.gaps import gap_causes
from sensor_hub.words.translation import translate as _
from sensor_hub.words.translation import translate_n as _n
from sensor_hub.words.wearing import NOBODY_NAMED, doubt_sentences, wearing_doubt

# What somebody can mend before the next run, beside how a sensor is worn. Gaps are not among them: the coverage says
# them; nor is what holds for every run of a source or a model.
MENDABLE: Final = frozenset(
    {
        "calibration-void",
        "cadence-unit-doubtful",
        "implausible-cadence",
        "no-steps",
        "contact-time-never-came",
        "rate-too-low",
        "no-gyroscope",
        "no-acceleration",
        "not-worn",
    }
)


def warning_text(code: str, names: Mapping[str, str] = NOBODY_NAMED, *, of_file: bool = False) -> str:
    """One sentence for a warning of a session; an unknown code is shown as it is.

    names : what people call the sensors, by id. of_file : see ``doubt_sentences``.
    """
    name, _colon, detail = code.partition(":")
    sentences = {
        "silence": _("there are gaps: what happened in them is unknown and lowers the coverage"),
        "clock-reset": _("the device's clock ran backwards or jumped: what lies between is unknown"),
        "rate-too-low": _("the sensor samples too slowly to time a contact"),
        "decode-failed": _n(
            "{n} notification could not be decoded; it is kept in the recording",
            "{n} notifications could not be decoded; they are kept in the recording",
            int(detail) if detail.isdigit() else 2,
        ).format(n=detail),
        "no-gyroscope": _("without a gyroscope on foot or shank no contact can be found; that time is unknown"),
        "no-acceleration": _("without usable acceleration no contact can be found; that time is unknown"),
        "stale": _("a sensor repeated old values: what happened meanwhile is unknown"),
        "cadence-unit-doubtful": _("the cadence looks like that of one foot taken for both: is the profile right?"),
        "implausible-cadence": _("many steps are faster than anybody runs: is the mount right?"),
        "no-steps": _(
            "the sensor was heard, but not one step was found: was it worn, and where the program thinks it is?"
        ),
        "not-worn": _("it was heard but took no steps while the other foot did, so steps are missing: was it worn?"),
        "calibration-void": _("the calibration was made with another method and was not used: calibrate again"),
        "contact-time-never-came": _(
            "the sensor is of a kind that measures contact time, but none came: the load is estimated without it"
        ),
        "no-contact-time": _("no running step has a usable contact time"),
        "provisional-model": _("its load model was provisional: compare its numbers, do not believe them"),
        "nothing-usable": _("no reading in it could be used"),
        "summary-only": _("a line of a log: distance and duration only, its load is unknown"),
        "by-hand": _("put in by hand: nothing was measured"),
        "time-unknown": _("nobody said at what time of day it was"),
        "duration-unknown": _("nobody said how long it took"),
        "distance-unknown": _("nobody said how far it was: rules about distance cannot see it"),
        "no-start-time": _("the file has no date; times count from its first sample"),
    }
    if name in sentences:
        of_one = name == "not-worn" and detail
        return f"{names.get(detail, detail)}: {sentences[name]}" if of_one else sentences[name]
    if name in doubt_sentences():
        return wearing_doubt(code, names, of_file=of_file)
    because = gap_causes().get(name)
    return _("there are gaps: {because}").format(because=because) if because else code


def to_mend(codes: Iterable[str]) -> list[str]:
    """Return those warnings after which somebody can do something: how a sensor is worn, set up or calibrated."""
    told = MENDABLE | set(doubt_sentences())
    return [code for code in codes if code.partition(":")[0] in told]
