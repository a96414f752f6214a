"""The words of guidance for the command line: one door to the rooms that have them."""

from sensor_hub.model.guidance import Ask, Notice, PlanView, Verdict, WeekPlan
from sensor_hub.words.diary import plan_word
from sensor_hub.words.guidance import notice_sentence, notice_why


def verdict_text(verdict: Verdict) -> str:
    """A verdict in a sentence or two."""
    return f"{verdict.standing}; running: {verdict.running}"


def notice_text(notice: Notice) -> str:
    """A notice in one or two short sentences; one that nobody has words for yet, by its rule and key."""
    try:
        return notice_sentence(notice)
    except KeyError:
        return f"{notice.rule}: {notice.key}"


def notice_reasons(notice: Notice) -> list[str]:
    """The reasons behind a notice, a line each."""
    try:
        return notice_why(notice)
    except KeyError:
        return []


def question_text(ask: Ask) -> str:
    """A question that is due."""
    return {
        "morning": f"Getting up after the run of {ask.day}: how did it feel, 0 to 10?",
        "day-after": f"24 hours after the run of {ask.day}: how does it feel, 0 to 10?",
        "daily": f"{ask.day}: how does it feel today, 0 to 10?",
        "rested": f"No record since {ask.day}: did you rest, or was it not recorded?",
    }[ask.key]


def plan_lines(plan: PlanView) -> list[str]:
    """Where somebody stands in a plan, a line each."""
    lines = [f"{plan_word(plan.plan)}: stage {plan.stage} of {plan.n_stages}, week {plan.week}, since {plan.since}"]
    lines += [] if plan.locked is None else [f"locked: {plan.locked}"]
    lines += [f"to do: {item.key} {item.facts}" for item in plan.items]
    lines += [f"gate {gate.key}: {gate.state}" for gate in plan.gates]
    lines += [notice_text(notice) for notice in plan.violations]
    return lines


def week_plan_lines(plan: WeekPlan) -> list[str]:
    """What is left, and a next week, a line each."""
    if plan.held is not None:
        return [f"no plan for the week: {plan.held}"]
    lines = [f"{one.rule} {one.measure}: {one.left}" for one in (*plan.today, *plan.week)]
    return lines + [f"{day.day}: {day.kind}" for day in plan.days]
