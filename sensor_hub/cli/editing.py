"""``sensor-hub session trim|split|merge|delete|change|undo``: what was recorded stays, and every edit can be undone."""

from typing import Annotated, Any, Final

import typer

from sensor_hub.cli.by_hand import Effort, Note, ShoeOption
from sensor_hub.cli.desk import Sid, Sids, Who, open_desk, zone_of
from sensor_hub.cli.show import DataDir, Json, as_json, say, warn

TOLD: Final = ("shoe", "effort", "note")
LEDGERS: Final = ("run", "walk", "other")
SURFACES: Final = ("overground", "treadmill", "track", "trail", "unknown")
TIME: Final = "07:32, +2:30 from its start, -1:00 from its end, or 2026-11-20T07:32."


def trim(
    sid: Sid,
    from_: Annotated[str | None, typer.Option("--from", help=f"Keep from here on: {TIME}")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Keep up to here, told like --from.")] = None,
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Keep a part of a session; the rest counts no more. Times of day are the athlete's."""
    from sensor_hub.cli.times import moment_in
    from sensor_hub.model.edit import Trim

    if from_ is None and to is None:
        raise typer.BadParameter("give --from, --to or both")
    with open_desk(data_dir) as desk:
        kept = desk.find(sid, athlete)
        person = desk.owner(kept)
        one = kept.summary
        ends = [
            None if text is None else moment_in(text, one.start_utc, one.end_utc, zone_of(person), option)
            for text, option in ((from_, "--from"), (to, "--to"))
        ]
        desk.make(person, [Trim(one.header.sid, *ends)], json=json)


def split(
    sid: Sid,
    at: Annotated[str, typer.Option("--at", help=f"Where the second begins: {TIME}", show_default=False)],
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Make two of a session, such as a warm-up and a race in one recording."""
    from sensor_hub.app.sids import new_sid
    from sensor_hub.cli.times import moment_in
    from sensor_hub.model.edit import Split

    with open_desk(data_dir) as desk:
        kept = desk.find(sid, athlete)
        person = desk.owner(kept)
        one = kept.summary
        at_utc = moment_in(at, one.start_utc, one.end_utc, zone_of(person), "--at")
        desk.make(person, [Split(one.header.sid, at_utc, new_sid(at_utc))], json=json)


def merge(sids: Sids, athlete: Who = None, data_dir: DataDir = None, json: Json = False) -> None:
    """Make one of sessions that follow each other, such as a run that a flat battery cut in two."""
    from sensor_hub.cli.chosen import distinct_of
    from sensor_hub.model.edit import Merge

    with open_desk(data_dir) as desk:
        found = desk.find_all(sids, athlete)
        ids = distinct_of([kept.summary.header.sid for kept in found], 2, "merge")
        desk.make(desk.owner(found[0]), [Merge(ids)], json=json)


def delete(
    sids: Sids,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Take sessions out of history, also exercise put in by hand. What was recorded stays, so 'undo' brings them back.

    To erase a person's data for good: sensor-hub data erase.
    """
    from sensor_hub.model.edit import Delete
    from sensor_hub.words.edits import session_name
    from sensor_hub.words.sessions import session_amount

    with open_desk(data_dir) as desk:
        found = desk.find_all(sids, athlete)
        person = desk.owner(found[0])
        names = desk.names(person, desk.view(person), *found)
        told = [f"{session_name(k.summary.header.sid, names)} ({session_amount(k.summary)})" for k in found]
        ids = [kept.summary.header.sid for kept in found]
        if dry_run:
            if json:
                as_json({"dry_run": True, "sids": ids})
            else:
                for line in told:
                    say(f"would delete {line}")
            return
        if not yes:
            _ask(f"Delete {', '.join(told)}?")
        desk.make(person, [Delete(sid) for sid in ids], json=json)


def _ask(question: str) -> None:
    """Leave with 1 where the answer is no, or nobody is there to give one."""
    try:
        if typer.confirm(question, err=True):
            return
    except typer.Abort:
        warn("\nsensor-hub: nobody answered, and nothing was changed (--yes does not ask)")
    raise typer.Exit(1)


def change(
    sid: Sid,
    athlete: Annotated[str | None, typer.Option("--athlete", help="Whose it is: name or pseudonym.")] = None,
    ledger: Annotated[str | None, typer.Option("--ledger", help="What it counts as: run, walk or other.")] = None,
    surface: Annotated[
        str | None, typer.Option("--surface", help="overground, treadmill, track, trail or unknown.")
    ] = None,
    shoe: ShoeOption = None,
    effort: Effort = None,
    note: Note = None,
    forget: Annotated[
        list[str] | None, typer.Option("--forget", help="Take back what was said: shoe, effort or note.")
    ] = None,
    of: Annotated[str | None, typer.Option("--of", help="Whose 'last' is meant, or whose it was until now.")] = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Say whose a session is, what it counts as, or what no sensor knows of it."""
    from sensor_hub.model.edit import Change, Tell

    _allowed("--ledger", ledger, LEDGERS)
    _allowed("--surface", surface, SURFACES)
    for field in forget or []:
        _allowed("--forget", field, TOLD)
    with open_desk(data_dir) as desk:
        kept = desk.find(sid, of)
        person, whole = desk.owner(kept), kept.summary.header.sid
        receiver = person if athlete is None else desk.person(athlete)
        moved = None if receiver.id == person.id else receiver.id
        if moved is not None and shoe is not None:
            raise typer.BadParameter("--shoe and --athlete are two steps: give it to them first, then say their pair")
        said: dict[str, Any] = {"shoe": desk.shoe(person, shoe), "effort": effort, "note": note}
        said["forget"] = tuple(forget or ())
        edits: list[Any] = [Tell(whole, **said)] if any(v not in {None, ()} for v in said.values()) else []
        if any(value is not None for value in (moved, ledger, surface)):
            edits.append(Change(whole, moved, ledger, surface))  # type: ignore[arg-type]
        if not edits:
            theirs = f"; it is {person.display_name}'s already" if athlete is not None else ""
            raise typer.BadParameter(
                f"nothing to change{theirs}: give --athlete, --ledger, --surface, --shoe, --effort, --note or --forget"
            )
        desk.make(person, edits, json=json)


def _allowed(option: str, value: str | None, words: tuple[str, ...]) -> None:
    if value is not None and value not in words:
        raise typer.BadParameter(f"{option} is {value!r}; allowed: {', '.join(words)}")


def undo(
    entries: Annotated[
        list[str] | None, typer.Argument(metavar="[ENTRY...]", help="Ids of entries ('session journal' shows them).")
    ] = None,
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Take back the newest edit, or the entries named; of one that was taken back, do it again."""
    from sensor_hub.cli.chosen import id_of
    from sensor_hub.edits.undoing import newest_made_together, owner_of, the_other_way

    with open_desk(data_dir) as desk:
        view = desk.view(desk.person(athlete))
        known = [entry.id for entry in view.journal]
        named = [id_of(text, known, "entry", "session journal") for text in entries or []]
        journal = view.journal[::-1]
        ids = list(dict.fromkeys(named)) or newest_made_together(journal, view.undone)
        owner = desk.archive.registry.athlete(owner_of(journal, ids))
        desk.make(owner, [the_other_way(journal, view.undone, entry) for entry in ids], json=json)
