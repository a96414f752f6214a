"""The words of guidance for the command line: one door to the rooms that have them."""

from sensor_hub.model.guidance import Notice, PlanView
from sensor_hub.words.diary import plan_word
from sensor_hub.words.guidance import notice_sentence, notice_why


def notice_text(notice: Notice, *, theirs: bool = False) -> str:
    """A notice in one or two short sentences; one that nobody has words for, by its rule and key."""
    try:
        return notice_sentence(notice, theirs=theirs)
    except KeyError:
        return f"{notice.rule}: {notice.key}"


def notice_reasons(notice: Notice) -> list[str]:
    """The reasons behind a notice, a line each."""
    try:
        return notice_why(notice)
    except KeyError:
        return []


def plan_lines(plan: PlanView) -> list[str]:
    """Where somebody stands in a plan, a line each."""
    lines = [f"{plan_word(plan.plan)}: stage {plan.stage} of {plan.n_stages}, week {plan.week}, since {plan.since}"]
    lines += [] if plan.locked is None else [f"locked: {plan.locked}"]
    lines += [f"to do: {item.key} {item.facts}" for item in plan.items]
    lines += [f"gate {gate.key}: {gate.state}" for gate in plan.gates]
    lines += [notice_text(notice) for notice in plan.violations]
    return lines
