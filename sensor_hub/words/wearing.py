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
        "fits-better": _(
            "the strides look like those of somebody else on that evening's roster: were two pods swapped? "
            "sensor-hub roster swap mends what comes, session change --athlete what is recorded"
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

    ``fits-better:DEVICE:OTHER`` names the sensor of whom its strides look like, too.

    names : what people call the sensors, by id. An unknown code is shown as it is.
    """
    name, _colon, device = code.partition(":")
    if name == "fits-better" and ":" in device:
        return _swapped(device, names)
    sentence = doubt_sentences(of_file=of_file).get(name)
    if sentence is None:
        return code
    return f"{names.get(device, device)}: {sentence}" if device else sentence


def _swapped(devices: str, names: Mapping[str, str]) -> str:
    one, _colon, other = devices.partition(":")
    text = _(
        "{pod}: the strides look like those of whoever should wear {other}: were the two swapped? "
        "sensor-hub roster swap mends what comes, session change --athlete what is recorded"
    )
    return text.format(pod=names.get(one, one), other=names.get(other, other))


def swap_text(pod: str, athlete: str, other: str, other_athlete: str, *, mutual: bool) -> str:
    """Return the sentence for a pod whose strides look like another's, while they run; mutual : and the other way."""
    if mutual:
        text = _("{pod} on {athlete} and {other} on {other_athlete} look swapped: sensor-hub roster swap, if they are")
    else:
        text = _("{pod} on {athlete} looks like {other_athlete}'s strides ({other}): swapped? sensor-hub roster swap")
    return text.format(pod=pod, athlete=athlete, other=other, other_athlete=other_athlete)
