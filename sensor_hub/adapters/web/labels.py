"""Titles, labels and notes of the pages; sentences about load are in ``sensor_hub.words``."""

from datetime import datetime

from sensor_hub.model.load import Measure
from sensor_hub.words import as_a_force, measure_name
from sensor_hub.words import translate as _
from sensor_hub.words import translate_n as _n


def coach_title() -> str:
    """Title of the coach's page."""
    return _("Runners")


def back_link() -> str:
    """Text of the link back to the coach's page."""
    return _("All runners")


def no_athletes() -> str:
    """What an empty grid says."""
    return _("No runner yet. Add one with: sensor-hub athlete add NAME")


def tile_label(name: str, state_word: str) -> str:
    """What a screen reader says for a tile's link."""
    return _("{name}: {state}. Open details.").format(name=name, state=state_word)


def hub_trouble(problem: str) -> str:
    """The page cannot be refreshed."""
    return _("These numbers are not being refreshed: {problem}").format(problem=problem)


def athlete_gone() -> str:
    """The registry no longer knows this athlete."""
    return _("this runner is no longer in the registry")


def nothing_to_draw() -> str:
    """What stands in place of an empty chart."""
    return _("Nothing recorded yet.")


def athlete_unknown_text() -> str:
    """What to do at an address nobody has."""
    return _("The registry knows nobody under this address. They may have been removed or merged with another entry.")


def page_unknown() -> str:
    """Title of the page for an address that is no page."""
    return _("No such page")


def page_unknown_text(path: str) -> str:
    """What was asked for."""
    return _("There is nothing at /{path}.").format(path=path)


def hub_unreadable() -> str:
    """Title of a page that cannot be made."""
    return _("The hub cannot be read")


def athlete_unknown() -> str:
    """Title of the page for an address nobody has."""
    return _("No such runner")


def today_title() -> str:
    """Name of the header tile."""
    return _("Now and today")


def findings_title() -> str:
    """Title of the findings."""
    return _("What the rules say")


def no_findings() -> str:
    """Nothing to say."""
    return _("No limit was reached or neared.")


def why_label() -> str:
    """Opens the reasons."""
    return _("Why?")


def finding_times(first_utc: datetime, updated_utc: datetime) -> str:
    """When a finding was first seen and last changed."""
    return _("First seen {first} UTC, last changed {last} UTC.").format(
        first=first_utc.strftime("%Y-%m-%d %H:%M"), last=updated_utc.strftime("%Y-%m-%d %H:%M")
    )


def model_line(label: str) -> str:
    """Which model and reference made the load."""
    return _("Load model: {label}. As a force {caveat}: for comparing, not for believing.").format(
        label=label, caveat=as_a_force()
    )


def toggle_label() -> str:
    """Name of the switch between measures."""
    return _("Show in the charts")


def weekly_title() -> str:
    """Title of the weekly chart."""
    return _("Weeks")


def sessions_title() -> str:
    """Title of the session chart."""
    return _("Runs of the last 30 days")


def noticed_title() -> str:
    """Name of the list of what was noticed in the runs."""
    return _("Noticed in these runs")


def noticed(day: str, sentence: str) -> str:
    """What was noticed about how a sensor was worn, set up or calibrated in a run of that day."""
    return _("{day}: {sentence}").format(day=day, sentence=sentence)


def noticed_more(n: int) -> str:
    """How many notes are not shown, and where they are."""
    return _n(
        "{n} earlier one: sensor-hub session list --notes", "{n} earlier ones: sensor-hub session list --notes", n
    ).format(n=n)


def week_key() -> str:
    """Key of a bar of the weekly chart."""
    return _("week")


def run_key() -> str:
    """Key of a bar of the session chart."""
    return _("run")


def second_run_key() -> str:
    """Key of a bar in front of another one."""
    return _("second run of a day")


def as_table() -> str:
    """Opens the table behind a chart."""
    return _("As a table")


def weekly_label(n_weeks: int, measure: Measure) -> str:
    """What the weekly chart shows, for those who do not see it."""
    return _n(
        "{measure} of {n} week as a bar with the week line; the table below has the numbers.",
        "{measure} of {n} weeks as bars with the week line; the table below has the numbers.",
        n_weeks,
    ).format(measure=measure_name(measure), n=n_weeks)


def sessions_label(n_sessions: int, measure: Measure) -> str:
    """What the session chart shows, for those who do not see it."""
    return _n(
        "{measure} of {n} run as a bar with the session limit; the table below has the numbers.",
        "{measure} of {n} runs as bars with the session limit; the table below has the numbers.",
        n_sessions,
    ).format(measure=measure_name(measure), n=n_sessions)


def week_line() -> str:
    """Name of the line on the weekly chart."""
    return _("Week line")


def session_line() -> str:
    """Name of the line on the session chart."""
    return _("Session limit")


def unknown_column() -> str:
    """Name of a hatched column."""
    return _("Not known")


def simulated_badge() -> str:
    """What stands beside numbers that belong to nobody."""
    return _("simulated")


def cadence_label() -> str:
    """Name of the live cadence."""
    return _("Cadence")


def cadence_unit() -> str:
    """Steps a minute, in short."""
    return _("spm")


def contact_label() -> str:
    """Name of the live contact time."""
    return _("Contact time")
