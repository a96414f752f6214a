"""What is noticed about how a sensor is worn, in plain words and with a mend; never a diagnosis."""

from sensor_hub.words.translation import translate as _


def wearing_doubts() -> dict[str, str]:
    """Return a sentence for everything that can seem wrong about how a sensor is worn."""
    return {
        "upside-down": _("the pod seems to be upside down: turn it round, or pair it again if it stays so"),
        "sides-swapped": _("left and right seem to be swapped: change the pods over, or pair them again"),
        "not-this-mount": _(
            "it does not move like a sensor worn there: look where it sits, or pair it again for that place"
        ),
        "slipped": _("it seems to have slipped on the way: fasten it; contact times around then are less sure"),
        "pattern-differs": _(
            "the strides look unlike those before: is it the right pod, in its place? Other shoes may explain it too"
        ),
    }


def wearing_doubt(code: str) -> str:
    """Return the sentence for one code, such as ``upside-down``, or ``upside-down:POD`` of a named pod.

    An unknown code is shown as it is.
    """
    name, _colon, pod = code.partition(":")
    sentence = wearing_doubts().get(name)
    if sentence is None:
        return code
    return f"{pod}: {sentence}" if pod else sentence
