"""Titles and labels of what the pages say of a load, and of a run's own page; sentences are in ``sensor_hub.words``."""

from sensor_hub.model.load import Measure
from sensor_hub.words import UNKNOWN, as_a_force, short_measure
from sensor_hub.words import translate as _


def room_label(measure: Measure) -> str:
    """What a headroom bar is called; a load in body weights carries its ±40 %."""
    name = short_measure(measure)
    return f"{name} ({as_a_force()})" if measure == "hard_load_bw_s" else name


def noticed_here() -> str:
    """Name of the list of what one run noticed."""
    return _("Noticed in this run")


def steps_let_go() -> str:
    """What the page of an old run says of its single steps."""
    return _("Single steps of this run are no longer kept. What they add up to is.")


def sums_title() -> str:
    """Title of the table of sums."""
    return _("Load today and this week")


def sums_header() -> list[str]:
    """Columns of the table of sums."""
    return [_("Sum"), _("Today"), _("This week")]


def measured_by(instrument: str, model: str) -> str:
    """What the loads are measured with and which model made them."""
    return _("Measured with: {instrument}. Load model: {model}.").format(instrument=instrument, model=model)


def newest_run(day: str, *, running: bool) -> str:
    """Title of the card about one run."""
    return _("This run, piece by piece") if running else _("The run of {day}, piece by piece").format(day=day)


def load_title() -> str:
    """Title of a run's load on its own page."""
    return _("Its load, piece by piece")


def more_facts() -> str:
    """Opens the numbers for those who want them."""
    return _("More numbers")


def all_numbers() -> str:
    """Link to the page of a run."""
    return _("Everything about this run")


def run_links() -> str:
    """Opens the list of runs."""
    return _("Open a run")


def run_link(day: str, distance: str, load: str) -> str:
    """One run of the list."""
    return _("{day}: {distance}, {load}").format(day=day, distance=distance, load=load)


def session_unknown() -> str:
    """Title of the page for a session nobody has."""
    return _("No such run")


def session_unknown_text() -> str:
    """What to do at an address of no session."""
    return _("Nothing is stored under this address.")


def run_of(day: str, time: str, name: str) -> str:
    """Title of a run's page."""
    text = _("{name}: run of {day}, {time}") if name else _("Run of {day}, {time}")
    return text.format(day=day, time=time, name=name)


def exercise_of(day: str, time: str, name: str) -> str:
    """Title of the page of an exercise."""
    text = _("{name}: exercise of {day}, {time}") if name else _("Exercise of {day}, {time}")
    return text.format(day=day, time=time, name=name)


def to_runner(name: str) -> str:
    """Link from a run to its runner."""
    return _("All of {name}").format(name=name) if name else _("To the runner")


def nobody_ran() -> str:
    """What stands on the page of a simulated run."""
    return _("Simulated: no person ran this.")


def measured_title() -> str:
    """Title of what was measured."""
    return _("What was measured")


def measured_header() -> list[str]:
    """Columns of what was measured."""
    return [_("Quantity"), _("Value")]


def distance() -> str:
    """Name of the distance."""
    return short_measure("distance_m")


def moving_time() -> str:
    """Name of the moving time."""
    return _("Moving time")


def recorded() -> str:
    """Name of the coverage."""
    return _("Recorded")


def flight_label() -> str:
    """Name of the flight time."""
    return _("Flight time")


def balance_label() -> str:
    """Name of the balance of contact; sensors differ, too."""
    return _("Contact time, left of both")


def with_unit(digits: str, unit_text: str) -> str:
    """Digits with their unit; an en dash alone if unknown."""
    return digits if digits == UNKNOWN else f"{digits} {unit_text}"


def unjudged() -> str:
    """What stands in a table beside a run whose load limit is not judged."""
    return _("learning:\nnot judged")


def mixed_week() -> str:
    """What stands in a table for a week whose loads are not added."""
    return _("– (several\nsensors)")


def no_time() -> str:
    """Stands in place of the time of day in a title."""
    return _("time of day not known")
