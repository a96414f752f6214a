"""``sensor-hub session list|journal``: a history as it stands after its edits, and who edited what."""

from collections import Counter
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from sensor_hub.cli.desk import Who, open_desk, zone_of
from sensor_hub.cli.show import DataDir, Json, as_json, as_table, length, load, minutes, number, say
from sensor_hub.cli.texts import notes_of
from sensor_hub.words.lengths import length_unit, load_unit


def list_(
    athlete: Who = None,
    every: Annotated[bool, typer.Option("--all", help="Also those that do not count, with why.")] = False,
    notes: Annotated[bool, typer.Option("--notes", help="Say what the sessions marked ! noticed.")] = False,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """List an athlete's sessions, newest first, as they stand after the edits. Starts are in their zone.

    ! noticed how a sensor is worn, set up or calibrated; * was edited; ? may be the same run as another.
    """
    with open_desk(data_dir) as desk:
        person = desk.person(athlete)
        view = desk.view(person)
        names, sensors = desk.names(person, view), desk.archive.sensor_names()
        whose = desk.whose(person)
    shown = [kept for kept in view.sessions if every or kept.counts]
    if json:
        from sensor_hub.app.history.history_answers import kept_answer

        as_json([kept_answer(kept, names, sensors) for kept in shown])
        return
    noticed = {kept.summary.header.sid: notes_of(kept.summary, sensors) for kept in shown}
    offered = {sid for offer in view.offers for sid in offer.sids}
    rows = []
    for kept in shown:
        sid = kept.summary.header.sid
        marks = ("!", bool(noticed[sid])), ("*", _is_edited(kept)), ("?", sid in offered)
        rows.append(_row(kept, "".join(mark for mark, holds in marks if holds), zone_of(person), every=every))
    header = [f"start ({person.zone})", "time", length_unit(), load_unit(), "recorded %", "origin", "note", "session"]
    as_table("", [*header, "counts"] if every else header, rows)
    _explain(shown, noticed, names, notes=notes, every=every)
    _point_at(view, offered, len(view.sessions) - len(shown), whose)


def _is_edited(kept: Any) -> bool:
    """Whether more was said of it than that it was run by hand."""
    from sensor_hub.words.sessions import BY_HAND

    return bool(len(kept.entries) > (kept.summary.source == BY_HAND))


def _row(kept: Any, marks: str, zone: ZoneInfo, *, every: bool) -> list[str]:
    from sensor_hub.words import exercise_text
    from sensor_hub.words.sessions import BY_HAND, DURATION_UNKNOWN, TIME_UNKNOWN, source_word
    from sensor_hub.words.standings import standing_word

    s, t = kept.summary, kept.summary.totals
    untimed = TIME_UNKNOWN in s.warnings
    start = s.start_utc.astimezone(zone).strftime("%Y-%m-%d" if untimed else "%Y-%m-%d %H:%M")
    duration_s = None if DURATION_UNKNOWN in s.warnings else t.duration_s
    numbers = [minutes(duration_s), length(t.distance_m), load(t.load_eq_km), number(t.coverage, 0, 100)]
    origin = exercise_text(s.source) if s.header.ledger == "exercise" else s.header.origin
    origin = source_word(BY_HAND) if s.source == BY_HAND else origin
    return [start, *numbers, origin, marks, s.header.sid, *([standing_word(kept.standing)] if every else [])]


def _explain(shown: list[Any], noticed: Any, names: Any, *, notes: bool, every: bool) -> None:
    """Say what the marks and standings mean."""
    from sensor_hub.words.standings import standing_sentence

    if notes:
        for sid, told in noticed.items():
            for note in told:
                say(f"note: {sid}: {note}")
    elif any(noticed.values()):
        say("! noticed something that can be mended: sensor-hub session list --notes")
    if any(_is_edited(kept) for kept in shown):
        say("* was edited: sensor-hub session journal")
    if every:
        for kept in shown:
            if why := standing_sentence(kept, names):
                say(f"{kept.summary.header.sid}: {why}")


def _point_at(view: Any, offered: set[str], n_hidden: int, whose: str) -> None:
    """Say what else there is to see, and what is asked."""
    from sensor_hub.words.standings import open_days_sentence, standing_word

    if offered:
        say(f"? may be the same run as another; all of them count until you answer: sensor-hub session offers{whose}")
    if n_hidden:
        counted = Counter(standing_word(kept.standing) for kept in view.sessions if not kept.counts)
        told = ", ".join(f"{n} {word}" for word, n in counted.items())
        say(f"not shown, because they do not count: {told} (sensor-hub session list --all{whose})")
    for days in view.open_days:
        say(f"{open_days_sentence(days)} Answer with: sensor-hub diary days{whose}")


def journal(athlete: Who = None, data_dir: DataDir = None, json: Json = False) -> None:
    """List every edit of a history, newest first: when, by whom, what, and whether it was taken back."""
    from sensor_hub.words.edits import edit_sentence, entry_note

    with open_desk(data_dir) as desk:
        person = desk.person(athlete)
        view = desk.view(person)
        names, whose = desk.names_as_recorded(person, view), desk.whose(person)
    if json:
        from sensor_hub.app.history.history_answers import entry_answers

        as_json(entry_answers(view, names))
        return
    if not view.journal:
        say("nothing was edited: the history is as it was recorded")
        return
    rows = [
        [
            entry.made_utc.astimezone(zone_of(person)).strftime("%Y-%m-%d %H:%M"),
            entry.by,
            edit_sentence(entry.edit, names),
            entry_note(entry, view),
            entry.id,
        ]
        for entry in view.journal
    ]
    as_table("", [f"when ({person.zone})", "by", "what", "", "entry"], rows)
    say(f"To take one back, or do it again: sensor-hub session undo ENTRY{whose}")
