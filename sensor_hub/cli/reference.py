"""``sensor-hub load reference``: what a runner's loads are expressed in."""

from dataclasses import asdict
from shlex import quote
from typing import Annotated, Any, Final

import typer

from sensor_hub.cli.show import DataDir, Json, as_json, as_table, say, settings

app = typer.Typer(
    help="Your own easy kilometre and hard line: list, show, learn a new version.",
    epilog="Examples: sensor-hub load reference show   ·   sensor-hub load reference learn --dry-run",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Who = Annotated[str | None, typer.Option("--athlete", help="Name or pseudonym; without it, you (me).")]
POPULATION: Final = "ref-pop-1, of 83 treadmill trials"
Instrument = Annotated[
    str | None,
    typer.Option("--instrument", help="Such as imu/foot/foot-1.0; without it, that of the newest run."),
]


def in_words(proposal: Any, *, theirs: bool = False) -> list[str]:
    """What an athlete's loads are expressed in, and whether a new reference is worth asking for: a sentence each."""
    from sensor_hub.words.lengths import length_noun
    from sensor_hub.words.references import not_yet_sentence, off_sentence, reference_line

    found, change = proposal.found, proposal.change
    how = f"To do so: sensor-hub load reference learn --athlete {quote(proposal.athlete.display_name)}"
    if proposal.kept is None:
        whose = "their" if theirs else "your"
        ready = f"Loads are in the population's {length_noun()}; {whose} own could be learned now, a hub does it. {how}"
        return [not_yet_sentence(found, theirs=theirs) if change is None else ready]
    lines = [reference_line(proposal.kept, theirs=theirs)]
    if change is not None and change.is_off:
        lines.append(f"{off_sentence(change.easy_km, change.hard_line, theirs=theirs)} {how}")
    return lines


def answer_of(proposal: Any) -> dict[str, Any]:
    """Return what is in use and what would be learned as JSON values; None is unknown."""
    from sensor_hub.model.reference import Learned

    found, change = proposal.found, proposal.change
    is_learned = isinstance(found, Learned)
    return {
        "instrument": proposal.yard.instrument,
        "model": proposal.yard.model,
        "in_use": _numbers(proposal.in_use) if proposal.kept is None else _kept(proposal.kept),
        "would_be": _numbers(found.reference) | {"at_easy_speed": found.at_easy_speed} if is_learned else None,
        "missing": [] if is_learned else list(found.missing),
        "days_left": 0 if is_learned else found.days_left,
        "sessions_left": 0 if is_learned else found.sessions_left,
        "steps_left": 0.0 if is_learned else found.steps_left,
        "easy_km_change": None if change is None else change.easy_km,
        "hard_line_change": None if change is None else change.hard_line,
        "is_off": change is not None and proposal.kept is not None and change.is_off,
        "last_30_days": {
            "n_sessions": proposal.n_shown,
            "load_eq_km": proposal.eq_km_before,
            "would_be_eq_km": proposal.eq_km_after,
        },
        "texts": in_words(proposal),
    }


def _numbers(reference: Any) -> dict[str, Any]:
    learned_on = reference.learned_on
    return asdict(reference) | {"learned_on": None if learned_on is None else learned_on.isoformat()}


def _kept(kept: Any) -> dict[str, Any]:
    about = {name: getattr(kept, name) for name in ("athlete", "made", "at_easy_speed", "active", "before")}
    return _numbers(kept.reference) | about


@app.command(name="list", epilog="Examples: sensor-hub load reference list   ·   sensor-hub load reference list --json")
def list_(
    athlete: Annotated[str | None, typer.Option("--athlete", help="Only this athlete's.")] = None,
    instrument: Annotated[str | None, typer.Option("--instrument", help="Only this one's.")] = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """List every version that was ever learned; loads of stored runs name the one they are expressed in."""
    from sensor_hub.app.people import open_archive
    from sensor_hub.words import force

    with open_archive(settings(data_dir)) as archive:
        who = None if athlete is None else archive.athlete(athlete).id
        kept = [k for k in archive.registry.references.all(who) if instrument in {None, k.reference.instrument}]
        names = {a.id: a.display_name for a in archive.registry.athletes()}
    if json:
        as_json([_kept(k) for k in kept])
        return
    if not kept:
        say(f"nobody has a reference of their own yet; loads are in the population's kilometre ({POPULATION})")
        return
    rows = [
        [names[k.athlete], k.reference.id, "in use" if k.active else "earlier", k.reference.instrument,
         k.reference.model, f"{k.reference.learned_on}", str(k.reference.n_sessions), _ms(k.reference.step_time_s),
         _ms(k.reference.contact_time_s), force(k.reference.hard_line_bw),
         "asked for" if k.made == "asked" else "by itself"]
        for k in kept
    ]  # fmt: skip
    header = ["athlete", "reference", "", "instrument", "model", "learned on", "runs", "step", "contact"]
    as_table("", [*header, "hard line", "made"], rows)


@app.command(
    epilog="Examples: sensor-hub load reference show --athlete Ana   ·   sensor-hub load reference show --json"
)
def show(athlete: Who = None, instrument: Instrument = None, data_dir: DataDir = None, json: Json = False) -> None:
    """Show what loads are expressed in now, and what the newest 28 days would give."""
    from sensor_hub.app.people import open_archive

    with open_archive(settings(data_dir)) as archive:
        proposal = proposal_of(archive, archive.athlete(athlete), instrument)
    if json:
        as_json(None if proposal is None else answer_of(proposal))
        return
    _tell(proposal)
    for line in [] if proposal is None else in_words(proposal, theirs=athlete is not None):
        say(line)


@app.command(
    epilog="Examples: sensor-hub load reference learn --dry-run   ·   sensor-hub load reference learn --athlete Ana"
    "   ·   sensor-hub load reference learn --instrument imu/foot/foot-1.0 --json"
)
def learn(
    athlete: Who = None,
    instrument: Instrument = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show before and after, and keep nothing.")] = False,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Learn a new version from the last 28 days; the runs of the last 90 days are expressed in it, older ones stay."""
    from sensor_hub.app.loads.referencing import express_anew, history
    from sensor_hub.app.people import open_archive
    from sensor_hub.model.reference import Learned

    kept, anew = None, None
    with open_archive(settings(data_dir)) as archive:
        proposal = proposal_of(archive, archive.athlete(athlete), instrument)
        if proposal is not None and isinstance(proposal.found, Learned) and not dry_run:
            who, in_use = proposal.athlete, proposal.kept
            if not proposal.is_same:
                kept = in_use = archive.registry.references.keep(who.id, proposal.found, asked=True)
            # Of the version that was in use already it makes good what a kill has left.
            anew = express_anew(archive.ingest, who, in_use, history(archive.recorded, who), judge_all=True)
    if json:
        answer = None if proposal is None else answer_of(proposal)
        made: dict[str, Any] = {
            "kept": None if kept is None else _kept(kept),
            "expressed_anew": [],
            "left_as_they_were": [],
        }
        if anew is not None:
            made |= {"expressed_anew": list(anew.done), "left_as_they_were": list(anew.left)}
        as_json(None if answer is None else answer | made)
    else:
        _tell(proposal)
        _tell_made(proposal, kept, anew, theirs=athlete is not None)
    if proposal is None or proposal.change is None:
        raise typer.Exit(1)


def proposal_of(archive: Any, person: Any, instrument: str | None = None) -> Any:
    """What is in use and would be learned with an instrument; None of somebody without runs."""
    from datetime import UTC, datetime

    from sensor_hub.app.loads.referencing import history, propose, yards

    runs = history(archive.store, person)
    known = yards(runs)
    chosen = [yard for yard in known if instrument in {None, yard.instrument}]
    if known and not chosen:
        names = ", ".join(dict.fromkeys(yard.instrument or "''" for yard in known))
        raise typer.BadParameter(f"--instrument is {instrument!r}; {person.display_name} ran with {names}")
    if not chosen:
        return None
    return propose(archive.store, archive.registry, person, chosen[0], datetime.now(UTC), runs)


def _tell(proposal: Any) -> None:
    if proposal is None:
        say("no run with a load is stored, so there is nothing to learn from")
        return
    from sensor_hub.words import force, impulse, quantity
    from sensor_hub.words.references import signed_percent

    change, old = proposal.change, proposal.in_use
    old_name = POPULATION if proposal.kept is None else old.id
    km_bw_s, new_km_bw_s = proposal.easy_km_bw_s
    if change is None:
        rows = [["step time", _ms(old.step_time_s)], ["contact time", _ms(old.contact_time_s)]]
        rows += [["easy kilometre", impulse(km_bw_s)], ["hard line", force(old.hard_line_bw)]]
        as_table(_title(proposal), ["", old_name], rows)
    else:
        new = proposal.found.reference
        rows = [
            ["step time", _ms(old.step_time_s), _ms(new.step_time_s), ""],
            ["contact time", _ms(old.contact_time_s), _ms(new.contact_time_s), ""],
            ["easy kilometre", impulse(km_bw_s), impulse(new_km_bw_s), f"{signed_percent(change.easy_km)} %"],
            ["hard line", force(old.hard_line_bw), force(new.hard_line_bw), f"{signed_percent(change.hard_line)} %"],
            [f"load of the {proposal.n_shown} runs of the last 30 days", quantity(proposal.eq_km_before, "load_eq_km"),
             quantity(proposal.eq_km_after, "load_eq_km"), f"{signed_percent(1 / (1 + change.easy_km) - 1)} %"],
        ]  # fmt: skip
        as_table(_title(proposal), ["", f"in use ({old_name})", "newest 28 days", "change"], rows)


def _title(proposal: Any) -> str:
    return f"{proposal.athlete.display_name}, {proposal.yard.instrument or 'instrument unknown'}, {proposal.yard.model}"


def _tell_made(proposal: Any, kept: Any, anew: Any, *, theirs: bool) -> None:
    from sensor_hub.words.references import reference_line

    if proposal is None or proposal.change is None:
        for line in [] if proposal is None else in_words(proposal, theirs=theirs):
            say(line)
        say("nothing is learned; what there was stays")
    elif proposal.is_same:
        say(f"nothing changed: {proposal.in_use.id} has these numbers already")
    elif kept is None:
        say("nothing is kept: this was --dry-run")
    else:
        say(reference_line(kept, theirs=theirs))
        say(
            f"kept as {kept.reference.id}; {len(anew.done)} runs of the last 90 days are expressed in it, older ones "
            "stay as they are"
        )
        if anew.left:
            say(f"{len(anew.left)} runs stay in {kept.before}: not all of their steps are stored")


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms"
