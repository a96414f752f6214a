"""Titles and labels of what the guidelines say: verdict, questions, notices; their sentences are in the words."""

from typing import Final

from sensor_hub.model.diary import CrossSport, PainSide
from sensor_hub.model.guidance import Weight
from sensor_hub.words import translate as _

SIDES: Final[tuple[PainSide, ...]] = ("L", "R", "both")


def diary() -> str:
    """Link to the diary, and its title."""
    return _("Diary")


def plan() -> str:
    """Link to the plans, and their title."""
    return _("Plan")


def rules() -> str:
    """Link to the rules, and their title."""
    return _("Rules")


def verdict_title() -> str:
    """Title of the card that answers "what now"."""
    return _("What the guidelines say")


def weight_word(weight: Weight) -> str:
    """How much a notice weighs, in a word or two."""
    return {
        "red-flag": _("Medical care now"),
        "refer": _("Clinician"),
        "stop": _("No running"),
        "plan": _("Plan"),
        "load": _("Load"),
        "caution": _("Take care"),
        "info": _("To know"),
        "unknown": _("Not known"),
    }[weight]


def sport_word(sport: CrossSport) -> str:
    """Name of a sport."""
    return {
        "cycling": _("Cycling"),
        "swimming": _("Swimming"),
        "rowing": _("Rowing"),
        "walking": _("Walking"),
        "other": _("Another sport"),
    }[sport]


def load_not_shown() -> str:
    """On the coach's tile of somebody who keeps their load to themselves."""
    return _("Load is not shown here, as they wish.")


def headroom_held(why: str) -> str:
    """Stands in place of headroom."""
    return _("Headroom {why}.").format(why=why)


def side_word(side: PainSide) -> str:
    """Which leg."""
    return {"L": _("Left"), "R": _("Right"), "both": _("Both")}[side]


def why() -> str:
    """Opens the reasons of a notice."""
    return _("Why?")


def rows(ids: tuple[str, ...]) -> str:
    """Which rows of the source texts speak."""
    return _("From the texts: {rows}").format(rows=", ".join(ids))


def since(day: str) -> str:
    """From when a notice holds."""
    return _("Since {day}").format(day=day)


def notices_title() -> str:
    """Title of the list of notices."""
    return _("What was noticed")


def no_notices() -> str:
    """Nothing was."""
    return _("Nothing to say beside the load.")


def more_notices(n: int) -> str:
    """Opens the notices that ask for nothing."""
    return _("More to know ({n})").format(n=n)


def asks_title() -> str:
    """Title of the open questions."""
    return _("How is the tendon?")


def level_of(level: str) -> str:
    """What a screen reader says for a number of the row."""
    return _("{level} out of 10").format(level=level)


def save_level(level: str, side: str) -> str:
    """The second tap."""
    return _("Save {level}, {side}").format(level=level, side=side.lower())


def which_side() -> str:
    """Name of the choice of the leg."""
    return _("Which leg?")


def answer_on_runs() -> str:
    """Leads to the question about days without a record."""
    return _("Answer on the page of runs")


def said(sentence: str, verdict: str) -> str:
    """What a line of the diary did."""
    return f"{sentence} {verdict}".strip()
