"""What the coach's page says besides the words of load."""

from typing import Literal

from sensor_hub.words import share
from sensor_hub.words import translate as _
from sensor_hub.words.numbers import fixed


def contact_label() -> str:
    """Name of the contact time where room is short; its unit stands beside it."""
    return _("Contact")


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
    """How a run's contact time lies beside the runner's own at that speed; empty where it is usual or not known."""
    return {
        "longer": _("Contact time of this run longer than usual."),
        "shorter": _("Contact time of this run shorter than usual."),
    }.get(beside or "", "")


def balance_beside(beside: Literal["left", "right"] | None) -> str:
    """To which side a balance lies beside the runner's own; empty where it is usual or not known."""
    return {"left": _("More on the left than usual."), "right": _("More on the right than usual.")}.get(
        beside or "", ""
    )


def battery(percent: int | None, *, low: bool) -> str:
    """The lowest battery of the sensors that are worn; empty where it is not known."""
    if percent is None:
        return ""
    text = _("battery low, {share}") if low else _("battery {share}")
    return text.format(share=share(percent / 100))


def squads() -> str:
    """Link to the squads, and title of their page."""
    return _("Squads")


def show_whom() -> str:
    """Name of the buttons that choose whom the page shows."""
    return _("Show whom")


def find() -> str:
    """Name of the field that finds a runner."""
    return _("Find a runner")


def nobody_yet() -> str:
    """What the page of an empty hub says to somebody who may change that."""
    return _("No runner yet.")


def to_start() -> str:
    """Link to the first steps of an empty hub."""
    return _("Set this hub up")


def nobody_fits() -> str:
    """What an empty grid says when it is so by choice."""
    return _("Nobody here fits what was chosen.")


def show_all() -> str:
    """Button that takes every choice back."""
    return _("Show everybody")


def no_script() -> str:
    """What stands there without a script."""
    return _("This page needs JavaScript: its numbers come while it is open.")


def script_words() -> dict[str, str]:
    """Every text that the page's script puts together; what stands in braces is filled in there."""
    return {
        "summary": _("{alert} above limit · {near} near or unsure · {running} running · {n} in all"),
        "not_running": _("Not running ({n})"),
        "all": _("All"),
        "tonight": _("Tonight"),
        "no_squad": _("A squad that is no more"),
        "no_connection": _("No connection to the hub since {time} · the numbers are old"),
        "never_connected": _("No connection to the hub yet. Trying again."),
        "sound_off": _("Alert sound: off"),
        "sound_on": _("Alert sound: on"),
        "sound_waits": _("Alert sound: on, tap the page once"),
        "awake_off": _("Screen kept on: no"),
        "awake_on": _("Screen kept on: yes"),
        "no_data": _("no data yet"),
        "now": _("now"),
        "seconds": _("{n} s ago"),
        "minutes": _("{n} min ago"),
        "hours": _("{n} h ago"),
        "days": _("{n} days ago"),
    }


# --- squads ----------------------------------------------------------------------------------------------------------


def no_squad(squad: str) -> str:
    """Nobody knows this squad, or whoever asks may not."""
    return _("no squad {squad!r}").format(squad=squad)


def squad_of_others() -> str:
    """Why a squad is not removed."""
    return _("There are athletes in this squad whom you do not coach: an admin can remove it.")


def squads_note() -> str:
    """What squads are."""
    return _("Runners you look at together. A runner may be in several; the page of all runners shows one at a time.")


def no_squad_yet() -> str:
    """What the page says without any."""
    return _("No squad yet.")


def new_squad() -> str:
    """Title of the form that makes one."""
    return _("A new squad")


def squad_name() -> str:
    """Name of the field."""
    return _("Name of the squad")


def make_squad() -> str:
    """Button that makes one."""
    return _("Make the squad")


def empty_squad() -> str:
    """Who is in a squad that nobody is in."""
    return _("Nobody yet.")


def show_squad() -> str:
    """Link to the coach's page with this squad."""
    return _("Show these runners")


def change_squad() -> str:
    """Opens the form."""
    return _("Rename, or choose who is in it")


def remove_squad() -> str:
    """Button that lets go of one."""
    return _("Remove the squad")


def removing_squad() -> str:
    """What removing does."""
    return _("Only the group goes; its runners and all that is theirs stay.")


def squad_saved(name: str) -> str:
    """It was made or changed."""
    return _("{name} is saved.").format(name=name)


def squad_removed(name: str) -> str:
    """It is gone."""
    return _("{name} is removed; its runners stay.").format(name=name)
