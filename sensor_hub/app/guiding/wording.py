"""The words of guidance for the command line: one door to the rooms that have them."""

from sensor_hub.model.guidance import Notice, PlanView
from sensor_hub.words.guidance import notice_sentence, notice_why
from sensor_hub.words.plans import adherence_text, change_text, gate_text, item_text, plan_line


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


def plan_lines(plan: PlanView, *, theirs: bool = False) -> list[str]:
    """Where somebody stands in a plan, a line each: stage, what is to be done, what is missing, and how it went."""
    lines = [plan_line(plan)]
    lines += [f"- {item_text(item)}" for item in plan.items]
    lines += [gate_text(gate) for gate in plan.gates]
    lines += [line for line in (adherence_text(plan),) if line]
    lines += [change_text(change) for change in plan.changes]
    lines += [notice_text(notice, theirs=theirs) for notice in plan.violations]
    return lines
