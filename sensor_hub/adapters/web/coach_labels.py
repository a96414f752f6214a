"""What the coach's page says besides the words of load."""

from typing import Literal

from sensor_hub.words import share
from sensor_hub.words import translate as _
from sensor_hub.words.numbers import fixed


def balance_label() -> str:
    """Name of the balance of contact time."""
    return _("Left / right")


def balance_text(side: str, part: float) -> str:
    """Whose foot is longer on the ground, as a sentence for those who do not see the arrow."""
    if side == "even":
        return _("contact time the same left and right")
    text = (
        _("{percent} % of contact time on the left")
        if side == "left"
        else _("{percent} % of contact time on the right")
    )
    return text.format(percent=fixed(100 * part, 1))


def contact_beside(beside: Literal["longer", "shorter"] | None) -> str:
    """How a contact time lies beside the runner's own at that speed; empty where it is usual or not known."""
    return {"longer": _("longer than usual"), "shorter": _("shorter than usual")}.get(beside or "", "")


def balance_beside(beside: Literal["left", "right"] | None) -> str:
    """To which side a balance lies beside the runner's own; empty where it is usual or not known."""
    return {"left": _("more left than usual"), "right": _("more right than usual")}.get(beside or "", "")


def battery(percent: int | None, *, low: bool) -> str:
    """The lowest battery of the sensors that are worn; empty where it is not known."""
    if percent is None:
        return ""
    text = _("battery low, {share}") if low else _("battery {share}")
    return text.format(share=share(percent / 100))
