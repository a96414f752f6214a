"""``sensor-hub data``: what is stored, as a whole."""

import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from sensor_hub.cli import backup, erasing, pruning
from sensor_hub.cli.show import DataDir, Json, as_json, as_table, load, number, say, settings, warn
from sensor_hub.words.lengths import load_unit

app = typer.Typer(help="What is stored, as a whole.", no_args_is_help=True, rich_markup_mode=None)
backup.register(app)
erasing.register(app)
pruning.register(app)

WAYS: Final = {"recording": "its recording", "steps": "its steps", "left": "–"}
RESULTS: Final = {True: {"changed": "would change"}, False: {"changed": "changed"}}
REFERENCES: Final = ("kept", "current")


@app.callback()
def group() -> None:
    """Keep the command's name: typer would leave out that of the only one."""


@app.command(
    epilog="Examples: sensor-hub data reanalyse --dry-run   ·   sensor-hub data reanalyse --athlete Ana --yes"
    "   ·   sensor-hub data reanalyse --since 2026-01-01   ·   sensor-hub data reanalyse --session SID --all"
    "   ·   sensor-hub data reanalyse --workers 4   ·   sensor-hub data reanalyse --scheduler tcp://127.0.0.1:8786"
)
def reanalyse(
    athlete: Annotated[str | None, typer.Option("--athlete", help="Name or pseudonym; without it, everybody.")] = None,
    since: Annotated[
        datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="First local day; without it, all.")
    ] = None,
    session: Annotated[str | None, typer.Option("--session", help="One session ('session list' shows its id).")] = None,
    every: Annotated[bool, typer.Option("--all", help="Also sessions that today's model has computed.")] = False,
    reference: Annotated[
        str,
        typer.Option(
            "--reference",
            help="kept: each session stays in the reference it is expressed in. current: the athlete's active one.",
        ),
    ] = "kept",
    workers: Annotated[int | None, typer.Option("--workers", help="Compute in so many processes here.")] = None,
    scheduler: Annotated[
        str | None,
        typer.Option("--scheduler", help="Compute on a Dask cluster: tcp://127.0.0.1:8786, tls://HOST:PORT."),
    ] = None,
    tls_ca: Annotated[Path | None, typer.Option("--tls-ca", help="Certificate of a cluster's authority (PEM).")] = None,
    tls_cert: Annotated[Path | None, typer.Option("--tls-cert", help="One's own certificate for it.")] = None,
    tls_key: Annotated[Path | None, typer.Option("--tls-key", help="The key of that.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Compute stored sessions again with today's model: from the recording where there is one, else from the steps.

    This changes history, and with it what stands against somebody's limits. Every change is written to reanalysed.jsonl
    in the data folder. Stopped in between, it goes on where it was when it is called again.
    """
    from sensor_hub.app.loads.reanalysing import Choice, Reanalysis
    from sensor_hub.app.people import open_archive
    from sensor_hub.app.place import Place

    if reference not in REFERENCES:
        raise typer.BadParameter(f"--reference is {reference!r}; allowed: {', '.join(REFERENCES)}")
    choice = Choice(athlete, since.date() if since else None, session, every, reference)  # type: ignore[arg-type]
    chosen = settings(data_dir)
    with ExitStack() as stack:
        helpers = _workers(workers, scheduler, (tls_ca, tls_cert, tls_key))
        if helpers is not None:
            stack.callback(helpers.close)
        archive = stack.enter_context(open_archive(chosen))
        work = Reanalysis(archive, Place.at(chosen.data_dir), choice, helpers)
        if work.sessions and not dry_run and not yes:
            _ask(len(work.sessions), chosen)
        lines = []
        for line in work.run(dry_run=dry_run):
            lines.append(line)
            _count(len(lines), len(work.sessions))
        names = {person.id: person.display_name for person in archive.registry.athletes()}
    if json:
        as_json(_answer(lines, dry_run, str(work.log)) | {"n_asked_about": work.n_asked_about})
    elif not work.n_asked_about:
        _say_nothing_stored(chosen, narrowed=athlete is not None or since is not None)
    else:
        _show(lines, names, dry_run, str(work.log))
    if any(line.result == "failed" for line in lines):
        raise typer.Exit(2)


def _workers(n_processes: int | None, scheduler: str | None, tls: tuple[Path | None, Path | None, Path | None]) -> Any:
    """Return who computes besides this process; None for nobody."""
    from sensor_hub.app.loads.spreading import DaskCluster, Processes

    ca, cert, key = tls
    if scheduler is None and (ca or cert or key):
        raise typer.BadParameter("--tls-ca, --tls-cert and --tls-key are for --scheduler tls://HOST:PORT")
    if scheduler is None:
        return None if n_processes is None else Processes(n_processes)
    if n_processes is not None:
        raise typer.BadParameter("--workers is of this machine and --scheduler of others: give one of them")
    if ca and cert and key:
        return DaskCluster(scheduler, (ca, cert, key))
    if ca or cert or key:
        raise typer.BadParameter("--tls-ca, --tls-cert and --tls-key go together: give all three or none")
    return DaskCluster(scheduler)


def _say_nothing_stored(chosen: Any, *, narrowed: bool) -> None:
    """Say that nothing was found: a wrong folder must not look like one that is in order."""
    which = "such session" if narrowed else "session of an athlete in the registry"
    where = "the store of SENSOR_HUB_STORE" if chosen.store.get_secret_value() else str(chosen.data_dir)
    say(f"no {which} is stored in {where}; nothing to do (is --data-dir right? 'sensor-hub athlete list' shows whose)")


def _ask(n_sessions: int, chosen: Any) -> None:
    """Ask before history is changed; leave with 1 where the answer is no, or nobody is there to give one."""
    outside = ", and back up the store" if chosen.store.get_secret_value() else ""
    first = f"first 'sensor-hub data backup --out FILE'{outside}"
    warn(f"There is no way back: {first}. 'sensor-hub data reanalyse --dry-run' shows what would change.")
    what = "one stored session" if n_sessions == 1 else f"{n_sessions} stored sessions"
    try:
        if typer.confirm(f"Compute {what} again, and replace what is stored?", err=True):
            return
    except typer.Abort:
        warn("\nsensor-hub: nobody answered, and nothing was changed (--yes does not ask)")
    raise typer.Exit(1)


def _count(done: int, n_sessions: int) -> None:
    """Count sessions on a terminal; stay silent elsewhere."""
    if sys.stderr.isatty():
        end = "\r" + " " * 30 + "\r" if done == n_sessions else ""
        print(f"\r{done}/{n_sessions} sessions{end}", end="", file=sys.stderr, flush=True)


def _answer(lines: Sequence[Any], dry_run: bool, log: str) -> dict[str, Any]:
    from sensor_hub.app.loads.reanalysing import sums
    from sensor_hub.load.achilles import VERSION

    counted = Counter(line.result for line in lines)
    return {
        "model": VERSION,
        "dry_run": dry_run,
        "log": log,
        "counts": {result: counted[result] for result in ("changed", "unchanged", "left", "failed")},
        "sums": {name: {"before": before, "after": after} for name, (before, after) in sums(lines).items()},
        "sessions": [line.answer() for line in lines],
    }


def _show(lines: Sequence[Any], names: dict[str, str], dry_run: bool, log: str) -> None:
    from sensor_hub.words.numbers import as_a_force

    if not lines:
        say("every session is of today's model already; nothing to do (--all computes them again)")
        return
    header = [
        "start",
        "athlete",
        "from",
        "result",
        "model",
        load_unit(),
        f"hard push-offs (BW·s a leg, {as_a_force()})",
    ]
    as_table("", [*header, "session"], [_row(line, names, dry_run) for line in lines])
    _say_sums(lines, dry_run)
    notes = Counter((line.result, note) for line in lines for note in line.notes)
    first = {note: line.before.header.sid for line in reversed(lines) for note in line.notes}
    for (result, note), n in notes.items():
        which = first[note] if n == 1 else f"{n} sessions"
        say(f"{'left as it is' if result == 'left' else 'note'}: {which}: {note}")
    if not dry_run and any(line.result == "changed" for line in lines):
        say(f"what changed is written in {log}")


def _row(line: Any, names: dict[str, str], dry_run: bool) -> list[str]:
    before = line.before
    after = line.after or before
    one, other = before.totals, after.totals
    model = _change(before.header.model, after.header.model)
    loads = _change(load(one.load_eq_km), load(other.load_eq_km))
    hard = _change(number(one.hard_load_bw_s, 0), number(other.hard_load_bw_s, 0))
    start, who = before.start_utc.strftime("%Y-%m-%d %H:%MZ"), before.header.athlete
    result = RESULTS[dry_run].get(line.result, line.result)
    return [start, names.get(who, who), WAYS[line.way], result, model, loads, hard, before.header.sid]


def _change(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"


def _say_sums(lines: Sequence[Any], dry_run: bool) -> None:
    from sensor_hub.app.loads.reanalysing import sums
    from sensor_hub.words.numbers import as_a_force

    counted = Counter(line.result for line in lines)
    parts = [f"{counted['changed']} {RESULTS[dry_run]['changed']}", f"{counted['unchanged']} unchanged"]
    parts.append(f"{counted['left']} left as they are")
    if counted["failed"]:
        parts.append(f"{counted['failed']} failed")
    say(f"{len(lines)} {'session' if len(lines) == 1 else 'sessions'}: {', '.join(parts)}")
    if not counted["changed"]:
        return
    found = sums(lines)
    (eq_km, eq_km_after), (hard, hard_after) = found["load_eq_km"], found["hard_load_bw_s"]
    percent = f" ({100 * (eq_km_after / eq_km - 1):+.1f} %)" if eq_km else ""
    say(f"together {load(eq_km)} → {load(eq_km_after)} {load_unit()}{percent} (modelled)")
    say(f"  hard push-offs {hard:.0f} → {hard_after:.0f} BW·s a leg ({as_a_force()})")
