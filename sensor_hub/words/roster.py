"""What a roster asks before it is set, in plain words."""

from sensor_hub.model.roster import RosterQuestion
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
