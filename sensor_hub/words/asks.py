"""The questions that are due, as questions."""

from sensor_hub.model.guidance import Ask
from sensor_hub.words.numbers import UNKNOWN, day_name
from sensor_hub.words.translation import translate as _


def ask_question(ask: Ask) -> str:
    """Return a question in one short sentence."""
    run = UNKNOWN if ask.run_day is None else day_name(ask.run_day)
    return {
        "morning": _("How is it this morning, after the run of {run}? 0 is no pain, 10 the worst."),
        "day-after": _("24 hours after the run of {run}: how is it now? 0 is no pain, 10 the worst."),
        "daily": _("How is it today? 0 is no pain, 10 the worst."),
        "rested": _("Nothing was recorded for a week or more from {day}: rested, or run without a record?"),
    }[ask.key].format(day=day_name(ask.day), run=run)
