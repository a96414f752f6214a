"""What a roster asks before it is set, and what it means to runs that are on, in plain words."""

from sensor_hub.model.roster import RUN_LASTS_S, RosterQuestion
from sensor_hub.units import S_PER_MIN
from sensor_hub.words.translation import translate as _


def question_text(question: RosterQuestion) -> str:
    """Return the sentence for what has to be agreed to."""
    sentences = {
        "is-lent": _("{device} is {other}'s for good: tonight it would be {athlete}'s"),
        "is-taken": _("{device} is {other}'s tonight: it would be {athlete}'s instead"),
        "has-another": _("{athlete} wears {instead} in that place: tonight {device} would stand in for it"),
    }
    names = {"athlete": question.athlete, "other": question.other, "instead": question.instead}
    return sentences[question.kind].format(device=question.device, **names)


def goes_on_text(device: str, runs: str, wears: str, stop_after_s: float | None) -> str:
    """Return what becomes of a run that is on when its pod is given to somebody else.

    runs : whose the run is. wears : whose the pod is now. stop_after_s : time without a step that ends a run, None
    where only a command does.
    """
    names = {"device": device, "runs": runs, "wears": wears}
    if stop_after_s is None:
        return _("{device}: this run goes on for {runs} until it is ended; the next one is {wears}'s").format(**names)
    return _(
        "{device}: this run goes on for {runs} until {minutes} min without a step, and what {wears} runs sooner counts"
        " as {runs}'s; the next one is {wears}'s"
    ).format(minutes=f"{stop_after_s / S_PER_MIN:g}", **names)


def while_running_text() -> str:
    """Return what a changed roster means to whoever runs now."""
    return _(
        "a run that is on now goes on for whom it began, until {minutes} min without a step; who takes its pod"
        " over sooner runs on in it (splitting the session afterwards parts them); the next one is as here"
    ).format(minutes=f"{RUN_LASTS_S / S_PER_MIN:g}")
