"""What the timeline of a run says around its numbers."""

from collections.abc import Sequence

from sensor_hub.words import translate as _
from sensor_hub.words import translate_n as _n
from sensor_hub.words.timelines import run_time


def title() -> str:
    """Title of the card."""
    return _("Over its time")


def loading() -> str:
    """What stands there until the run has been read."""
    return _("Reading the run …")


def nothing_kept() -> str:
    """What stands in place of a timeline of a session that has none."""
    return _("No step of a run is kept of this session, so there is nothing to draw over its time.")


def from_minutes() -> str:
    """Why an old run is drawn from its minutes."""
    return _(
        "Single steps of this run are no longer kept: it is drawn from its minutes, without spread, balance and hard "
        "push-offs."
    )


def panels_label() -> str:
    """Name of the group of buttons that choose what is drawn."""
    return _("What is drawn")


def zoom_label() -> str:
    """Name of the group of buttons that choose which part is drawn."""
    return _("Which part is drawn")


def zoom_buttons() -> dict[str, str]:
    """What each button of the zoom is called."""
    return {
        "whole": _("Whole run"),
        "last": _("Last 10 min"),
        "in": _("Zoom in"),
        "out": _("Zoom out"),
        "left": _("Earlier"),
        "right": _("Later"),
    }


def window_time(from_s: float, to_s: float, whole_s: float) -> str:
    """Which part is drawn, by time."""
    return _("Drawn: {start} to {end} of {whole}.").format(
        start=run_time(from_s), end=run_time(to_s), whole=run_time(whole_s)
    )


def window_distance(start: str, end: str, unit: str) -> str:
    """Which part is drawn, by distance."""
    return _("Drawn: {start} to {end} {unit}.").format(start=start, end=end, unit=unit)


def how_to_zoom() -> str:
    """How the chart is zoomed by hand."""
    return _("Pinch or drag to zoom and move, or use Ctrl with the mouse wheel.")


def picture(names: Sequence[str], lasted_s: float, unseen: str) -> str:
    """What a picture shows, in a sentence for those who do not see it."""
    return _("Drawn over {time} of the run: {names}. {unseen} The table below says the same.").format(
        time=run_time(lasted_s), names=", ".join(names), unseen=unseen
    )


def unseen_summary(n_gaps: int, gaps_s: float, n_pauses: int, pauses_s: float) -> str:
    """How much is not known, and how much was paused."""
    parts = []
    if n_gaps:
        found = _n("{n} gap, {time} in all.", "{n} gaps, {time} in all.", n_gaps)
        parts.append(found.format(n=n_gaps, time=run_time(gaps_s)))
    if n_pauses:
        found = _n("{n} pause, {time} in all.", "{n} pauses, {time} in all.", n_pauses)
        parts.append(found.format(n=n_pauses, time=run_time(pauses_s)))
    return " ".join(parts) if parts else _("Nothing is known to be missing.")


def unseen_title() -> str:
    """Opens the table of gaps and pauses."""
    return _("Gaps and pauses")


def unseen_more(n: int) -> str:
    """What stands under a table of the longest gaps."""
    return _n("{n} shorter one is not in this table; it is drawn.", "{n} shorter ones are not in this table; they are "
              "drawn.", n).format(n=n)  # fmt: skip


def table_title() -> str:
    """Opens the table behind the chart."""
    return _("As a table")


def table_caption(name: str) -> str:
    """Name of the table."""
    return _("{name}, over its time").format(name=name)


def legend() -> dict[str, str]:
    """What the keys of the chart mean."""
    return {
        "line": _("this run"),
        "second": _("the other run"),
        "band": _("contact time: spread between steps; loads: 80 % range, modelled"),
        "limit": _("limit of the day"),
        "unknown": _("gap: nothing is known"),
        "pause": _("paused"),
    }


def missing_panels(names: Sequence[str]) -> str:
    """Which quantities nobody measured."""
    return _("Not known of this run: {names}.").format(names=", ".join(names))


def lower_bound() -> str:
    """What a sum means of which too much is missing."""
    return _("Too little of this run was recorded: loads are at least what is drawn, from the first gap on.")


def gap_of(cause: str, device: str | None) -> str:
    """Why nothing is known, and of which sensor."""
    return _("gap: {cause} ({device})").format(cause=cause, device=device) if device else _("gap: {cause}").format(
        cause=cause
    )  # fmt: skip


def by_label() -> str:
    """Name of the choice of what two runs are laid side by side by."""
    return _("Side by side")


def by_time() -> str:
    """Side by side by time."""
    return _("By time")


def by_distance() -> str:
    """Side by side by distance."""
    return _("By distance")


def no_distance() -> str:
    """Why two runs cannot be laid side by side by distance."""
    return _("By distance is not possible: of one of the runs it is not known where it was when.")


def limit_mark(text: str) -> str:
    """What stands at the line of a limit."""
    return _("limit {amount}").format(amount=text)


def marks() -> dict[str, str]:
    """What stands above a stretch without a line."""
    return {"gap": _("gap"), "pause": _("pause")}


def other_panel(unit: str, *, modelled: bool) -> str:
    """What stands above what is drawn apart of a second run, below the first's."""
    text = _("The other run (modelled), {unit}") if modelled else _("The other run, {unit}")
    return text.format(unit=unit)


def other_not_kept() -> str:
    """Why the run it is compared with is not drawn."""
    return _("Of the other run no step is kept: only its totals are compared, below.")
