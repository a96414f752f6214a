"""Why nothing is known of a stretch of a run, in a few words."""

from sensor_hub.model.unseen import PAUSE
from sensor_hub.words.translation import translate as _


def gap_causes() -> dict[str, str]:
    """Return a phrase for every cause of a gap that this version knows."""
    return {
        "silence": _("nothing was received"),
        "clock-reset": _("the sensor's clock was set"),
        "rate-too-low": _("the sensor samples too slowly"),
        "no-gyroscope": _("no gyroscope"),
        "no-acceleration": _("no usable acceleration"),
        "not-worn": _("it took no steps while the other foot did"),
        "stale": _("the sensor repeated old values"),
        "disconnected": _("the connection to the sensor was lost"),
        "stalled": _("the sensor was connected and sent nothing"),
        "adapter-off": _("the Bluetooth adapter was off or unplugged"),
        "bluetooth-service-gone": _("the computer's Bluetooth service ended"),
        "overflow": _("data came faster than they could be taken"),
        "refused": _("the sensor would not start"),
        "disk-full": _("the disk took no more of the recording"),
    }


def gap_cause(cause: str) -> str:
    """Return the phrase for one cause; one that a newer version may send is shown as it is."""
    return gap_causes().get(cause, cause)


def unseen_text(cause: str) -> str:
    """Return the phrase for a stretch of a timeline: a gap's cause, or that the runner paused."""
    return _("paused") if cause == PAUSE else gap_cause(cause)
