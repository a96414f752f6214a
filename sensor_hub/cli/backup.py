"""``sensor-hub data export|import|backup|restore``: a person, or all of it, as one file and back."""

from pathlib import Path
from typing import Annotated, Any

import typer

from sensor_hub.cli.progress import Counter
from sensor_hub.cli.show import DataDir, Json, as_json, say, settings, warn

MB = 1e6
Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]


def register(app: typer.Typer) -> None:
    """Add the commands to ``sensor-hub data``."""
    app.command(
        name="export",
        epilog="Examples: sensor-hub data export Ana --out ana.zip   ·   sensor-hub data export me --out me.zip"
        " --no-recordings",
    )(export)
    app.command(
        name="import",
        epilog="Examples: sensor-hub data import ana.zip --dry-run   ·   sensor-hub data import ana.zip"
        "   ·   sensor-hub data import ana.zip --name 'Ana B.'",
    )(import_)
    app.command(epilog="Example: sensor-hub data backup --out hub-2026-11-20.zip")(backup)
    app.command(
        epilog="Examples: sensor-hub data restore hub-2026-11-20.zip --dry-run   ·   sensor-hub data restore"
        " hub-2026-11-20.zip"
    )(restore)


def export(
    athlete: Annotated[str, typer.Argument(help="Name or pseudonym.")],
    out: Annotated[Path, typer.Option("--out", help="File to write, such as ana.zip.")],
    no_recordings: Annotated[
        bool, typer.Option("--no-recordings", help="Leave out what the sensors sent byte by byte.")
    ] = False,
    force: Force = False,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Write everything that is kept of a person into one file: sessions, steps, diary, journal, things, recordings.

    It explains itself (README.txt), imports again, and is the same file again while nothing changes. It holds personal
    data: name, time zone, sensors' addresses.
    """
    from sensor_hub.app.people import open_archive
    from sensor_hub.app.person.person_export import export_person
    from sensor_hub.app.place import Place

    chosen = settings(data_dir)
    recordings = None if no_recordings else Place.at(chosen.data_dir).recordings
    count = Counter("parts")
    with open_archive(chosen) as archive:
        done = export_person(archive, recordings, athlete, out, force=force, each=count)
    if json:
        as_json(done.answer())
        return
    told = ", ".join(f"{name}: {n:,}" for name, n in done.counts.items())
    say(f"{done.name}: {told}".replace("entries:", "entries of the journal:"))
    say(f"written to {done.path} ({done.size / MB:.1f} MB); 'sensor-hub data import {done.path}' puts it back")


def import_(
    file: Annotated[Path, typer.Argument(help="What 'data export' wrote.")],
    name: Annotated[str | None, typer.Option("--name", help="Name of the athlete here, where theirs is taken.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check it and show what would be added.")] = False,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Put an export back, here or on another machine. What is missing is added; what contradicts it is refused by name.

    The same file again changes nothing. Stopped in between, the same call goes on where it was.
    """
    from sensor_hub.app.people import open_archive
    from sensor_hub.app.person.person_import import import_person
    from sensor_hub.app.place import Place

    chosen = settings(data_dir)
    recordings = Place.at(chosen.data_dir).recordings
    with open_archive(chosen) as archive:
        done = import_person(archive, recordings, file, name=name, dry_run=dry_run, each=Counter("parts"))
    if json:
        as_json(done.answer())
        return
    if not done.changed:
        say(f"{done.name} ({done.athlete}): all of it is here already; nothing changed")
    else:
        would = "would be added" if dry_run else "added"
        counts = ", ".join(f"{what.replace('_', ' ')}: {n:,}" for what, n in done.counts.items())
        say(f"{done.name} ({done.athlete}), {'new here' if done.is_new else 'here already'}: {would}: {counts}")
    for old, new in done.renamed.items():
        say(f"note: their load reference {old} is called {new} here, where {old} is somebody else's")
    for line in done.stays:
        say(f"stays as it is here: {line}")


def backup(
    out: Annotated[Path, typer.Option("--out", help="File to write, such as hub.zip.")],
    force: Force = False,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Write everything in the data folder into one file, also while a hub and an edge run.

    It holds everything, the broker's passwords too: mode 0600, and to be kept like them.
    """
    from sensor_hub.app.person.backup import write_backup

    chosen = settings(data_dir)
    warn_of_stopped_restore(chosen)
    done = write_backup(chosen, out, force=force, each=Counter())
    if json:
        as_json(done.answer())
        return
    say(f"athletes: {done.n_people}, recordings: {done.n_recordings}, store: {done.store}")
    if done.store == "influx":
        say("the store is an InfluxDB: everybody's history is in it as an export each; messages that could not be")
        say("understood and histories of people who are in no registry are not ('influxd backup' takes all of it)")
    say(f"written to {done.path} ({done.size / MB:.1f} MB), readable for you only; it holds passwords and names")


def restore(
    file: Annotated[Path, typer.Argument(help="What 'data backup' wrote.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check it and show what would be restored.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    with_erased: Annotated[
        bool, typer.Option("--with-erased", help="Bring back also who was erased since; else they are erased again.")
    ] = False,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Put a backup back, also while a hub runs. What is there is written into a backup of its own first.

    Store and registry are as they were when the backup was made; what came since is in the other backup only.
    Recordings are only added. Not in mid-run: of a session in progress the rows since the backup would be missing.
    """
    from sensor_hub.app.person.backup_restore import restore_backup

    chosen = settings(data_dir)
    warn_of_stopped_restore(chosen)
    if not dry_run and not yes:
        _ask(file, chosen)
    done = restore_backup(chosen, file, dry_run=dry_run, with_erased=with_erased, each=Counter())
    if json:
        as_json(done.answer())
        return
    would = "would be restored" if dry_run else "restored"
    what = [*done.databases, f"missing recordings: {done.n_recordings}"]
    what += [f"histories: {done.n_people}"] if done.n_people else []
    say(f"{would}: {', '.join(what)}")
    if done.n_erased_again:
        say(f"erased here since the backup, and erased again: {done.n_erased_again} (--with-erased brings them back)")
    if done.n_waiting:
        say(f"messages that wait again in the outbox: {done.n_waiting} (a hub drops those that it has)")
    for line in done.stays:
        say(f"stays as it is here: {line}")
    if done.safety is not None:
        say(f"what was here before is in {done.safety}: 'sensor-hub data restore {done.safety}' brings it back")


def _ask(file: Path, chosen: Any) -> None:
    """Ask before a history is replaced; leave with 1 where the answer is no, or nobody is there to give one."""
    try:
        if typer.confirm(f"Replace store and registry in {chosen.data_dir} by those in {file}?", err=True):
            return
    except typer.Abort:
        warn("\nsensor-hub: nobody answered, and nothing was changed (--yes does not ask)")
    raise typer.Exit(1)


def warn_of_stopped_restore(chosen: Any) -> None:
    """Say that a restore was stopped in between, and how to go on; nothing without one."""
    from sensor_hub.app.person.backup_marker import interrupted_restore
    from sensor_hub.app.place import Place

    told = interrupted_restore(Place.at(chosen.data_dir))
    if told is not None:
        warn(told)
