"""The verdict in words: what holds now, what may be run, and what else there is."""

from sensor_hub.model.diary import CrossSport
from sensor_hub.model.guidance import Verdict
from sensor_hub.words.numbers import fixed
from sensor_hub.words.terms import safety_text
from sensor_hub.words.translation import translate as _


def verdict_sentence(verdict: Verdict, *, theirs: bool = False) -> str:
    """Return the verdict in one or two short sentences; ``theirs`` turns "your" into "their"."""
    return " ".join(part for part in (_running(verdict, theirs), _instead(verdict)) if part)


def standing_word(verdict: Verdict) -> str:
    """What decides, in a word or two."""
    return {
        "red-flag": _("Medical care now"),
        "refer": _("Have it looked at"),
        "stop": _("No running"),
        "plan": _("In a plan"),
        "load": _("Load is high"),
        "caution": _("With care"),
        "clear": _("Nothing against it"),
        "unknown": _("Not known"),
    }[verdict.standing]


def held_text(key: str | None) -> str:
    """Why there is a dash in place of headroom."""
    words = {
        "red-flag": _("–: a sign that needs medical care now"),
        "refer": _("–: have it looked at first"),
        "stop": _("–: no running now"),
    }
    return words.get(key or "", "–")


def emergency_text() -> str:
    """What is shown at once when a sign of an emergency is said."""
    return " ".join((_("Stop. Seek medical care now."), safety_text()))


def _running(verdict: Verdict, theirs: bool) -> str:
    if verdict.standing == "red-flag":
        return _("No running and no exercise: seek medical care now. Every plan is locked.")
    if verdict.standing == "refer":
        return _("No running now: have it looked at.")
    if verdict.standing == "stop":
        return _("No running now.")
    if verdict.running == "none":
        return _("No running at this stage of the plan.")
    if verdict.running == "unknown":
        return _("Whether to run is not known: an answer is missing. Answer first.")
    if verdict.running == "plan":
        text = (
            _("Run what this stage of their plan allows.") if theirs else _("Run what this stage of your plan allows.")
        )
        return f"{text} {_less(verdict)}".rstrip()
    if verdict.running == "reduced":
        return _less(verdict)
    if verdict.standing == "load":
        return _("Load is above a limit: many runners keep the next run easier.")
    if verdict.standing == "unknown":
        return _("How it is now is not known; nothing else is known that speaks against running within the headroom.")
    if verdict.standing == "caution":
        return _("Running is free, with care: something was noticed.")
    return _("Nothing is known that speaks against running within the headroom.")


def _less(verdict: Verdict) -> str:
    if verdict.cap_low is None or verdict.cap_high is None:
        return ""
    text = _("Run less: {low} to {high} % of the usual distance, easy, no hills, no speed.")
    return text.format(low=fixed(verdict.cap_low * 100, 0), high=fixed(verdict.cap_high * 100, 0))


def _instead(verdict: Verdict) -> str:
    if not verdict.offers or verdict.running != "none":
        return ""
    sports = ", ".join(sport_name(sport) for sport in verdict.offers)
    return _("Instead, as far as it does not hurt: {sports}.").format(sports=sports)


def sport_name(sport: CrossSport) -> str:
    """What another sport is called."""
    return {
        "cycling": _("cycling"),
        "swimming": _("swimming"),
        "rowing": _("rowing"),
        "walking": _("walking"),
        "other": _("another sport"),
    }[sport]
