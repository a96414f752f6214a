"""Titles and labels of the pages of shoes, of a person's data and of tonight's pods."""

from sensor_hub.words import translate as _
from sensor_hub.words import translate_n as _n
from sensor_hub.words import unit
from sensor_hub.words.roster import while_running_text


def no_shoes() -> str:
    """What an empty list of shoes says."""
    return _("No pair yet.")


def add_shoe() -> str:
    """Opens the form for a pair."""
    return _("Add a pair")


def change_shoe() -> str:
    """Opens the form of a pair."""
    return _("Change")


def shoe_name() -> str:
    """Field: name of a pair."""
    return _("Name")


def drop_mm() -> str:
    """Field: drop."""
    return _("Drop, mm")


def drop_hint() -> str:
    """What drop is."""
    return _("heel above toe; leave it out if you do not know")


def start_km() -> str:
    """Field: distance before the pair came here."""
    return _("Run in before, {unit}").format(unit=unit("distance_m"))


def retired() -> str:
    """Tick: no longer worn."""
    return _("Retired")


def wear_today() -> str:
    """Makes a pair today's."""
    return _("Wear today")


def wear_from_today() -> str:
    """Makes a pair that of every day from today on."""
    return _("Wear from today on")


def todays_pair() -> str:
    """Mark of today's pair."""
    return _("today's pair")


def default_pair() -> str:
    """Mark of the pair that is worn until another is said."""
    return _("worn until you say another")


def retired_mark() -> str:
    """Mark of a retired pair."""
    return _("retired")


def distance_run(km: str, n_runs: int) -> str:
    """What was run in a pair."""
    runs = _n("{n} run", "{n} runs", n_runs).format(n=n_runs)
    return _("{km} in it, {runs}").format(km=km, runs=runs)


def drop_text(drop_mm: float | None) -> str:
    """The drop of a pair."""
    return _("drop not known") if drop_mm is None else _("drop {mm} mm").format(mm=f"{drop_mm:g}")


def shoe_kept(name: str) -> str:
    """A pair was added or changed."""
    return _("{name}: kept.").format(name=name)


def import_title() -> str:
    """Section: files in."""
    return _("Import files")


def import_note() -> str:
    """What can be imported."""
    return _("FIT, TCX, GPX, recordings, or a zip of them such as the export of a Garmin or Strava account.")


def choose_files() -> str:
    """The place where files are dropped."""
    return _("Choose files, or drop them here")


def upload_failed(problem: str) -> str:
    """A file could not be sent."""
    return _("The file was not taken: {problem}").format(problem=problem)


def job_progress(name: str, n_done: int, n_total: int | None, *, is_waiting: bool = False) -> str:
    """How far an import is."""
    if is_waiting:
        return _("{name}: waits for the import before it").format(name=name)
    if n_total is None:
        return _("{name}: being read").format(name=name)
    return _("{name}: {done} of {total} files").format(name=name, done=n_done, total=n_total)


def job_done(name: str, counts: str) -> str:
    """What an import came to."""
    return _("{name}: {counts}").format(name=name, counts=counts)


def job_failed(name: str, problem: str) -> str:
    """An import failed."""
    return _(
        "{name}: the import stopped, {problem}. What was taken before that stays; import the file again to go on."
    ).format(name=name, problem=problem.rstrip("."))


def became(what: str) -> str:
    """What became of a file."""
    words = {
        "taken": _("taken"), "already there": _("there already"), "doubled": _("doubled"),
        "no activity": _("no activity"), "not a recording": _("not a recording"), "refused": _("refused"),
    }  # fmt: skip
    return words.get(what, what)


def more_notes(n: int) -> str:
    """Notes that are not shown."""
    return _("and {n} more; the command 'session import' with --report tells of every file").format(n=n)


def sending(name: str) -> str:
    """A file is on its way to the hub."""
    return _("{name}: being sent").format(name=name)


def nothing_in_it() -> str:
    """An import found no file."""
    return _("no file in it")


def export_title() -> str:
    """Section: everything out."""
    return _("Take everything with you")


def export_note() -> str:
    """What an export is."""
    return _("One zip with every session, step, entry and recording of this runner. It can be imported again.")


def export_wait() -> str:
    """What to expect of a long history."""
    return _("It is being made. The download begins when it is ready; a long history takes minutes.")


def erase_export_first() -> str:
    """What to do before erasing."""
    return _("To keep a copy, download the export above first.")


def erase_later() -> str:
    """Why nobody is erased now: what is being imported would come after it."""
    return _("Files of this runner are being imported. Nothing was erased; try again when they are through.")


def erasing() -> str:
    """On the button while it works."""
    return _("Erasing and searching…")


def export_link() -> str:
    """Downloads the export."""
    return _("Download the export")


def erase_title() -> str:
    """Section: everything gone."""
    return _("Erase everything")


def erase_note(name: str) -> str:
    """What erasing does, and what it asks for."""
    return _(
        "Sessions, recordings, entries and everything else kept of {name} are erased for good, and every file is "
        "searched for what is left; a receipt tells of both. This cannot be undone. Exports and backups made before, "
        "and copies on other machines, are not reached. To go on, type the name as it stands here."
    ).format(name=name)


def erase_name() -> str:
    """Field: name typed by hand."""
    return _("Name of the runner")


def erase() -> str:
    """Erases."""
    return _("Erase for good")


def erase_name_wrong(name: str) -> str:
    """The name was not the person's."""
    return _("That is not the name; nothing was erased. Type: {name}").format(name=name)


def receipt_title(*, complete: bool) -> str:
    """Heading of the receipt."""
    return _("Erased. Nothing is left.") if complete else _("Erased, but something is left.")


def receipt_download() -> str:
    """Opens the whole receipt."""
    return _("The whole receipt")


def backup_link() -> str:
    """Downloads a backup of the hub."""
    return _("Backup of this hub")


def roster_title() -> str:
    """Title of the page of pods."""
    return _("Pods tonight")


def roster_note() -> str:
    """What a roster is."""
    return _("Whose each pod is for this evening. The permanent binding holds again afterwards.")


def roster_until(moment: str) -> str:
    """When the roster ends."""
    return _("Until {moment}").format(moment=moment)


def roster_empty() -> str:
    """No pod is given to anybody tonight."""
    return _("No pod is lent tonight.")


def no_pods() -> str:
    """No sensor is paired."""
    return _("No sensor is paired yet. Pair one with: sensor-hub devices pair")


def nobody() -> str:
    """Choice: a pod that is nobody's."""
    return _("in the box")


def is_of(name: str) -> str:
    """Whose a pod is tonight."""
    return _("{name}, tonight").format(name=name)


def is_for_good(name: str) -> str:
    """Whose a pod is for good."""
    return _("{name}, for good").format(name=name)


def set_aside(name: str) -> str:
    """A pod whose owner wears another one tonight."""
    return _("{name} wears another one tonight").format(name=name)


def side() -> str:
    """Field: which foot."""
    return _("Foot")


def side_name(side: str) -> str:
    """What a side is called."""
    return {"L": _("left"), "R": _("right"), "U": _("either")}.get(side, side)


def mount() -> str:
    """Field: where a pod is worn."""
    return _("Worn on")


def mount_name(mount: str) -> str:
    """What a place is called; of none said, that the pod's kind says it."""
    return {"foot": _("foot"), "shank": _("shank"), "sacrum": _("sacrum")}.get(mount, _("as its kind says"))


def give() -> str:
    """Gives a pod to somebody."""
    return _("Give")


def back_in_box() -> str:
    """Ends tonight's line of a pod."""
    return _("Back")


def swap_with() -> str:
    """Field: which pod changes places with this one."""
    return _("Swap with")


def swap() -> str:
    """Lets two pods change people."""
    return _("Swap")


def clear_all() -> str:
    """Ends tonight's roster."""
    return _("All back in the box")


def take_anyway() -> str:
    """Agrees to a question."""
    return _("Yes, take it")


def leave_it() -> str:
    """Does not agree."""
    return _("Leave it")


def roster_changed() -> str:
    """The roster was changed."""
    return _("Kept: {meaning}.").format(meaning=while_running_text())


def does_not_fit(name: str, sentence: str) -> str:
    """What was noticed in a run of this evening."""
    return _("{name}: {sentence}").format(name=name, sentence=sentence)


def runner() -> str:
    """Field: whose a pod is."""
    return _("Runner")
