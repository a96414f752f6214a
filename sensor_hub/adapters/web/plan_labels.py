"""Titles and labels of the plans' page; what is to be done is told by the words."""

from sensor_hub.words import translate as _
from sensor_hub.words import unit


def stage(now: int, of: int, week: int, since: str) -> str:
    """Where somebody stands."""
    return _("Stage {now} of {of} · week {week} · since {since}").format(now=now, of=of, week=week, since=since)


def complete() -> str:
    """All of a plan was done."""
    return _("All of it is done.")


def locked() -> str:
    """Stands beside the shape of a plan that may not go on now."""
    return _("Locked")


def next_title() -> str:
    """Title of what is to be done."""
    return _("To do now")


def nothing_to_do() -> str:
    """Nothing is."""
    return _("Nothing is due.")


def gates_title() -> str:
    """Title of the conditions of the next stage."""
    return _("Before the next stage")


def run_between(low_min: int, high_min: int) -> str:
    """How long a run may be."""
    if low_min == high_min:
        return _("A run: {high} min.").format(high=high_min)
    return _("A run: {low} to {high} min.").format(low=low_min, high=high_min)


def no_running() -> str:
    """There is none in this stage."""
    return _("No running in this stage.")


def next_at_most(amount: str) -> str:
    """The next run is smaller."""
    return _("The next run: at most {amount}, because the last one was too much.").format(amount=amount)


def minutes(n: int) -> str:
    """Minutes."""
    return _("{n} min").format(n=n)


def rest_days(n: int) -> str:
    """Days between runs."""
    return _("Days without a run between two: at least {n}.").format(n=n)


def done() -> str:
    """Logs an exercise."""
    return _("Done")


def setbacks_title() -> str:
    """Title of how the plan went so far."""
    return _("How it went so far")


def not_in_plan_title() -> str:
    """Title of sessions that were not in the plan."""
    return _("Not in the plan")


def step_back() -> str:
    """Goes one stage back."""
    return _("One stage back")


def stop() -> str:
    """Ends a plan."""
    return _("End this plan")


def start_title() -> str:
    """Title of the form that begins a plan."""
    return _("Begin a plan")


def start_note() -> str:
    """What to know before."""
    return _(
        "A plan goes on from stage to stage only where its conditions are met; what is not known does not open one. "
        "It does not replace whoever treats you."
    )


def which_plan() -> str:
    """Name of the choice."""
    return _("Plan")


def usual_km() -> str:
    """Distance of a usual week before, in the unit in use."""
    return _("A usual week before, {unit}").format(unit=unit("distance_m"))


def begin() -> str:
    """Begins a plan."""
    return _("Begin")


def week_title() -> str:
    """Title of the planner."""
    return _("Your next seven days")


def week_note() -> str:
    """What the planner shows."""
    return _("At most so much a day, so that every rule is kept. Less is always within the rules.")


def left_title() -> str:
    """Title of what limits leave."""
    return _("What is left")


def left_header() -> list[str]:
    """Header of the table of limits."""
    return [_("Limit"), _("So far"), _("Limit is"), _("Left")]


def today() -> str:
    """Today."""
    return _("Today")


def this_week() -> str:
    """The week that goes on."""
    return _("This week")


def binds(rule: str) -> str:
    """Which rule keeps a day from being more."""
    return _("bound by: {rule}").format(rule=rule)


def no_week() -> str:
    """There is nothing to plan from."""
    return _("There is not enough history for a week yet.")
