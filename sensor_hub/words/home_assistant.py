"""What Home Assistant calls a runner's numbers."""

from sensor_hub.model.gait import Side
from sensor_hub.words.translation import translate as _


def entity_names() -> dict[str, str]:
    """Return the names of a runner's numbers, by key."""
    return {
        "load_today": _("Push-off load today (modelled)"),
        "distance_today": _("Distance today"),
        "hard_today": _("Hard push-offs today (modelled)"),
        "load_left": _("Push-off load left today (modelled)"),
        "distance_left": _("Distance left today"),
        "hard_left": _("Hard push-offs left today (modelled)"),
        "load_week": _("Push-off load this week (modelled)"),
        "distance_week": _("Distance this week"),
        "status": _("Status"),
        "alerts": _("Findings that ask for attention"),
    }


def runner_name(pseudonym: str) -> str:
    """Return what somebody is called where names are not told."""
    return _("Runner {pseudonym}").format(pseudonym=pseudonym)


def battery_name(side: Side, name: str | None) -> str:
    """Return what a sensor's battery is called. name : the sensor's, where names are told."""
    if name is not None:
        return _("Battery of {name}").format(name=name)
    return {"L": _("Battery of the left sensor"), "R": _("Battery of the right sensor")}.get(
        side, _("Battery of the sensor")
    )
