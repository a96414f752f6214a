"""What is noticed about how a sensor is worn, in plain words and with a mend; never a diagnosis."""

from collections.abc import Mapping
from typing import Final

from sensor_hub.words.translation import translate as _

NOBODY_NAMED: Final[Mapping[str, str]] = {}


def doubt_sentences(*, of_file: bool = False) -> dict[str, str]:
    """Return a sentence for everything that can seem wrong about how a sensor is worn.

    of_file : of a run that is over and whose sensors are not paired here; its mends are other ones.
    """
    sentences = {
        "upside-down": _("the sensor seems to be upside down: turn it round, or pair it again if it stays so"),
        "sides-swapped": _("left and right seem to be swapped: change the sensors over, or pair them again"),
        "not-this-mount": _(
            "it does not move like a sensor worn there: look where it sits, or pair it again for that place"
        ),
        "slipped": _("it seems to have slipped on the way: fasten it; contact times around then are less sure"),
        "pattern-differs": _(
            "the strides look unlike those before: is it the right sensor, in its place? Other shoes may explain it too"
        ),
        "units-doubtful": _(
            "nobody moves as its numbers say: does its profile, or the file, give other units or another range?"
        ),
        "clipped": _(
            "its range is too small for the landings, so contact times are less sure: "
            "if it can be set, landings need 16 g and more, swings 2,000 °/s"
        ),
    }
    if of_file:
        sentences |= {
            "upside-down": _("the sensor seems to have been upside down: turn it round next time"),
            "sides-swapped": _("left and right seem to have been swapped: change the sensors over next time"),
            "not-this-mount": _("it does not move like a sensor worn there: look where it sat (or give --mount)"),
        }
    return sentences


def wearing_doubt(code: str, names: Mapping[str, str] = NOBODY_NAMED, *, of_file: bool = False) -> str:
    """Return the sentence for one code, such as ``upside-down``, or ``upside-down:DEVICE`` of one of two sensors.

    names : what people call the sensors, by id. An unknown code is shown as it is.
    """
    name, _colon, device = code.partition(":")
    sentence = doubt_sentences(of_file=of_file).get(name)
    if sentence is None:
        return code
    return f"{names.get(device, device)}: {sentence}" if device else sentence
