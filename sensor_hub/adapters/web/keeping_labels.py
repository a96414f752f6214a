"""Titles and labels of the pages a history is kept on; sentences about edits are in ``sensor_hub.words``."""

from sensor_hub.words import translate as _
from sensor_hub.words import unit


def undo() -> str:
    """Takes an edit back."""
    return _("Undo")


def redo() -> str:
    """Does an undone edit again."""
    return _("Do again")


def put_away() -> str:
    """Closes the bar that tells of the last edit."""
    return _("Close")


def taken_back() -> str:
    """An edit was undone."""
    return _("Taken back.")


def done_again() -> str:
    """An undone edit was done again."""
    return _("Done again.")


def refused(problem: str) -> str:
    """An edit could not be."""
    return _("Nothing was changed: {problem}").format(problem=problem)


def runs() -> str:
    """Link to the list of runs, and its title."""
    return _("Runs")


def shoes() -> str:
    """Link to the page of shoes, and its title."""
    return _("Shoes")


def data() -> str:
    """Link to the page of a person's data, and its title."""
    return _("Data")


def roster() -> str:
    """Link to the page of tonight's pods, and its title."""
    return _("Pods tonight")


def page_of(what: str, name: str) -> str:
    """Title of a page about a runner."""
    return _("{name}: {what}").format(name=name, what=what)


def pages_of(name: str) -> str:
    """What the links between a runner's pages are called."""
    return _("Pages of {name}").format(name=name)


def open_questions() -> str:
    """Title of what nobody answered yet."""
    return _("Only you know")


def same_run() -> str:
    """Answer: one run."""
    return _("Same run")


def different_runs() -> str:
    """Answer: two runs."""
    return _("Different runs")


def rested() -> str:
    """Answer: no session on those days."""
    return _("Rested")


def not_recorded() -> str:
    """Answer: there were sessions that nobody recorded."""
    return _("Not recorded")


def add_run() -> str:
    """Opens the form for a run by hand."""
    return _("Add a run")


def add_run_note() -> str:
    """What may be left out."""
    return _("Leave out what you do not know. It is kept as unknown, and counts as unknown, not as nothing.")


def add() -> str:
    """Sends a form that adds something."""
    return _("Add")


def save() -> str:
    """Sends a form that changes something."""
    return _("Save")


def day() -> str:
    """Field: on which day."""
    return _("Day")


def time_of_day() -> str:
    """Field: when it began."""
    return _("Began at")


def distance_km() -> str:
    """Field: how far."""
    return _("Distance, {unit}").format(unit=unit("distance_m"))


def duration() -> str:
    """Field: moving time."""
    return _("Time")


def duration_hint() -> str:
    """How a duration is written."""
    return _("such as 45:30 or 1:05:00")


def effort() -> str:
    """Field: how hard it was."""
    return _("Effort")


def what() -> str:
    """Field: run, walk, other sport."""
    return _("What")


def surface() -> str:
    """Field: what was run on."""
    return _("Surface")


def surface_name(surface: str) -> str:
    """What a surface is called."""
    return {
        "overground": _("overground"),
        "treadmill": _("treadmill"),
        "track": _("track"),
        "trail": _("trail"),
        "unknown": _("not known"),
    }[surface]


def shoe() -> str:
    """Field: which pair."""
    return _("Shoes")


def days_pair() -> str:
    """Choice: no pair is said of this session."""
    return _("the day's pair")


def note() -> str:
    """Field: free text."""
    return _("Note")


def person() -> str:
    """Field: whose it is."""
    return _("Runner")


def not_said() -> str:
    """Choice: nobody said."""
    return _("not said")


def edit() -> str:
    """Opens what can be changed of a run."""
    return _("Change")


def edit_of(run: str) -> str:
    """The same for screen readers."""
    return _("Change {run}").format(run=run)


def all_runs(n: int) -> str:
    """Title of the list."""
    return _("All sessions ({n})").format(n=n)


def show_more(n: int) -> str:
    """Shows older ones."""
    return _("Show {n} older").format(n=n)


def no_runs() -> str:
    """What an empty list says."""
    return _("Nothing recorded yet. Import files, collect a sensor, or add a run.")


def journal() -> str:
    """Opens the journal."""
    return _("What was changed")


def journal_empty() -> str:
    """An empty journal."""
    return _("Nothing was changed: all stands as it was recorded.")


def journal_older(n: int) -> str:
    """Entries that are not shown."""
    return _("and {n} older; the command 'session journal' lists all").format(n=n)


def made_by(by: str) -> str:
    """Who or what made an entry."""
    known = {
        "cli": _("command line"), "page": _("page"), "api": _("program"), "runner": _("runner"), "coach": _("coach"),
        "admin": _("admin"),
    }  # fmt: skip
    return known.get(by, by)


def entry_made(when: str, by: str, note: str) -> str:
    """When and by whom an entry was made, and what became of it."""
    text = _("{when}, {by}").format(when=when, by=by)
    return f"{text}: {note}" if note else text


def sources() -> str:
    """Opens the order of the sources."""
    return _("When two sources tell of one run")


def sources_note() -> str:
    """What the order decides."""
    return _("The first of these counts; one that was recorded to 80 % or more goes before one that was not.")


def move_up(source: str) -> str:
    """Moves a source one place up."""
    return _("Move {source} up").format(source=source)


def ask() -> str:
    """Tick: ask before likely ones are linked."""
    return _("Ask me about runs that are likely the same. Unticked, they are linked without asking.")


def trim_title() -> str:
    """Section: keep a part."""
    return _("Keep a part, or cut it in two")


def keep_from() -> str:
    """Field: what is kept begins here."""
    return _("Keep from")


def keep_to() -> str:
    """Field: what is kept ends here."""
    return _("Keep until")


def keep() -> str:
    """Sends the trim."""
    return _("Keep this part")


def cut_at() -> str:
    """Field: where the second begins."""
    return _("Cut in two at")


def cut() -> str:
    """Sends the split."""
    return _("Cut in two")


def no_steps() -> str:
    """Why a session cannot be trimmed."""
    return _("Nothing but its sums is known of this session, so no part of it can be cut off.")


def still_running() -> str:
    """Why a session in progress cannot be trimmed."""
    return _("This session still runs. It can be cut when it has ended.")


def timeline_label() -> str:
    """What the picture of a session shows."""
    return _("Cadence and contact time over the session; what would go is shaded.")


def join_title() -> str:
    """Section: make one of two."""
    return _("Join with another")


def join_with(other: str) -> str:
    """Makes one of two sessions."""
    return _("Join with {other}").format(other=other)


def say_title() -> str:
    """Section: what no sensor knows."""
    return _("Put right what it was")


def delete() -> str:
    """Takes a session out of history."""
    return _("Delete")


def delete_note() -> str:
    """What deleting does."""
    return _("It counts nowhere from then on. What was recorded stays, and this can be undone.")


def nothing_changed() -> str:
    """A form was sent as it was."""
    return _("Nothing was changed.")


def made_of_title() -> str:
    """Section: which recorded parts a session is made of."""
    return _("What this is made of")


def at_least_shoe(km: str) -> str:
    """Distance of a pair in which a run of unknown length was run."""
    return _("at least {km}: of some runs in it the distance is not known").format(km=km)


def load_unknown() -> str:
    """Stands in place of a load."""
    return _("load not known")


def distance_unknown() -> str:
    """Stands in place of a distance."""
    return _("distance not known")


def time_unknown() -> str:
    """Stands in place of a moving time."""
    return _("time not known")


def change_answer() -> str:
    """Takes back what was said of days."""
    return _("Take back")


def days_title() -> str:
    """Opens what was said of days without a session."""
    return _("Days without a session")


def hub_pages() -> str:
    """What the links of the coach's page are called."""
    return _("Pages of this hub")
