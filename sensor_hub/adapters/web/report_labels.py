"""What the weekly report says besides the words of load."""

from datetime import date

from sensor_hub import words
from sensor_hub.words import translate as _
from sensor_hub.words import translate_n


def report() -> str:
    """Title of the page, and of the link to it."""
    return _("Weekly report")


def week_of(monday: date) -> str:
    """Which week it is."""
    return _("Week from {day}").format(day=words.day_name(monday))


def made_on(moment: str) -> str:
    """When it was made."""
    return _("As of {moment} UTC.").format(moment=moment)


def of_squad(name: str) -> str:
    """Whom it is about."""
    return _("Squad: {name}.").format(name=name)


def week_before() -> str:
    """Link to the week before."""
    return _("Week before")


def week_after() -> str:
    """Link to the week after."""
    return _("Week after")


def print_hint() -> str:
    """How it gets onto paper."""
    return _("Print it, or save it as a file, with your browser: it fits on A4.")


def summary(n: int, n_look: int) -> str:
    """How many there are, and of how many something was found."""
    return translate_n("{n} runner · {look} with an alert", "{n} runners · {look} with an alert", n).format(
        n=n, look=n_look
    )


def nobody() -> str:
    """Nobody to report of."""
    return _("Nobody to report of.")


def not_so_far_back() -> str:
    """A week that the hub does not draw."""
    return _("The report goes back twelve weeks. Older runs are on each runner's page.")


def columns() -> list[str]:
    """Names of the columns."""
    return [
        _("Runner"), _("Runs"), _("Distance"), _("Push-off load (modelled)"), _("Longest run"), _("What the rules say"),
        _("Now"),
    ]  # fmt: skip


def runs(n_runs: int, n_days: int) -> str:
    """How many runs on how many days."""
    if not n_runs:
        return "0"
    return translate_n("{runs} on {days} day", "{runs} on {days} days", n_days).format(runs=n_runs, days=n_days)


def line(text: str) -> str:
    """What a sum is held against."""
    return _("week line {limit}").format(limit=text)


def no_line() -> str:
    """There is no line yet."""
    return _("no week line yet")


def at_least() -> str:
    """Part of it was not recorded."""
    return _("partly recorded: at least so much")


def reason(key: str | None) -> str:
    """Why a load is not known although there were runs."""
    return {
        "mixed-instruments": _("measured by different sensors: not added up"),
        "unknown-run": _("of one run nothing is known"),
        "not-recorded": _("a run was not recorded"),
    }.get(key or "", "")


def longest(day: date, distance: str, load: str) -> str:
    """The run that went furthest."""
    return _("{day}: {distance}, {load}").format(day=words.day_name(day), distance=distance, load=load)


def nothing_found() -> str:
    """No rule had anything to say."""
    return _("nothing")


def load_not_shown() -> str:
    """Somebody keeps their load to themselves."""
    return _("does not share what was run")


def weeks_picture(values: str) -> str:
    """What the small bars show, for those who do not see them."""
    return _("The weeks up to this one, oldest first: {values}").format(values=values)


def how_to_read() -> str:
    """How the numbers are meant."""
    return _(
        "Each runner is held against their own weeks and runs before, and never against another. The week line is 1.10 "
        "times the highest of the last four full weeks unless somebody set it otherwise."
    )
