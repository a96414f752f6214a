"""Recorded sessions and entries → the sessions of one athlete as they stand, and everything else a page shows of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sensor_hub.edits.days import answered, open_days
from sensor_hub.edits.made import Folded, Made
from sensor_hub.edits.same_run import SameRuns, same_runs
from sensor_hub.edits.shoes import Worn, uses
from sensor_hub.model.athlete import Athlete, Shoe
from sensor_hub.model.edit import Entry, MarkDays, Prefer
from sensor_hub.model.history import DaySpan, HistoryView, KeptSession, Told
from sensor_hub.model.session import SessionSummary

SummaryOf = Callable[[Folded, Made], SessionSummary]


def days_of(found: Folded, athlete: str) -> list[DaySpan]:
    """Return what was answered for days without a session."""
    return answered(e.edit for e in found.in_force if e.athlete == athlete and isinstance(e.edit, MarkDays))


def pairs_of(found: Folded, athlete: str, zone: str) -> tuple[tuple[str, str], ...]:
    """Return (session, pair) of an athlete's sessions of which the pair is known; without computing any totals."""
    worn, local = Worn.of(found.in_force, athlete), ZoneInfo(zone)
    several = (made for sid in (*found.sources, *found.made) if (made := found.of(sid)) is not None)
    pairs: dict[str, str] = {}
    for made in several:
        if made.athlete != athlete or made.sid in pairs:
            continue
        said, told = made.told.shoe_said, made.told.shoe
        shoe = told if said else worn.on(found.start_utc(made).astimezone(local).date())
        if shoe:
            pairs[made.sid] = shoe
    return tuple(pairs.items())


def standing_sessions(found: Folded, athlete: str, summary_of: SummaryOf) -> tuple[list[SessionSummary], SameRuns]:
    """Return the sessions of an athlete that are neither deleted nor parts of others, and which are the same run."""
    standing = [s for s in found.sources.values() if s.header.athlete == athlete and s.header.sid not in found.made]
    touched = (made for made in found.made.values() if made.athlete == athlete and made.standing == "counts")
    standing += [summary_of(found, made) for made in touched]
    standing.sort(key=lambda s: (s.start_utc, s.header.sid))
    sids = {s.header.sid for s in standing}
    said = [edit for edit in found.said if not sids.isdisjoint(edit.sids)]
    return standing, same_runs(standing, said, found.prefer.get(athlete))


def counting(found: Folded, athlete: str, summary_of: SummaryOf) -> list[SessionSummary]:
    """Return the sessions of an athlete that count, by start."""
    standing, same = standing_sessions(found, athlete, summary_of)
    return [s for s in standing if s.header.sid not in same.instead] if same.instead else standing


def view(
    found: Folded,
    athlete: Athlete,
    entries: Sequence[Entry],
    shoes: Iterable[Shoe],
    now_utc: datetime,
    summary_of: SummaryOf,
) -> HistoryView:
    """Return everything there is to see of an athlete's history.

    entries : all of the journal that concerns them, in the order they were made.
    """
    zone = ZoneInfo(athlete.zone)
    today = now_utc.astimezone(zone).date()
    worn = Worn.of(found.in_force, athlete.id)
    kept, same = _kept(found, athlete.id, worn, zone, summary_of)
    days = days_of(found, athlete.id)
    recorded = {_day(k.summary, zone) for k in kept if k.standing in {"counts", "same-run"}}
    mine = [e for e in entries if athlete.id in {e.athlete, e.other}]
    known = {shoe.id: shoe for shoe in shoes}
    return HistoryView(
        athlete=athlete.id,
        today=today,
        sessions=tuple(kept),
        offers=same.offers,
        open_days=tuple(open_days(recorded, days, today)),
        days=tuple(days),
        shoes=uses(kept, known),
        shoe_today=worn.on(today),
        shoe_default=worn.until_further_notice(today),
        preference=found.prefer.get(athlete.id, Prefer()),
        journal=tuple(mine[::-1]),
        idle=frozenset(e.id for e in mine if e.id in found.idle),
        undone=frozenset(e.id for e in mine if e.id in found.undone),
    )


def kept_session(found: Folded, sid: str, zones: Mapping[str, str], summary_of: SummaryOf) -> KeptSession | None:
    """Return one session as it stands, whoever's it is; None where there is none. zones : by pseudonym."""
    made = found.of(sid)
    if made is None:
        return None
    zone = ZoneInfo(zones.get(made.athlete, "UTC"))
    same = standing_sessions(found, made.athlete, summary_of)[1] if made.standing == "counts" else SameRuns()
    return _kept_one(found, made, same, Worn.of(found.in_force, made.athlete), zone, summary_of)


def _kept(
    found: Folded, athlete: str, worn: Worn, zone: ZoneInfo, summary_of: SummaryOf
) -> tuple[list[KeptSession], SameRuns]:
    _, same = standing_sessions(found, athlete, summary_of)
    mine = [made for sid in (*found.sources, *found.made) if (made := found.of(sid)) is not None]
    unique = {made.sid: made for made in mine if made.athlete == athlete}
    kept = [_kept_one(found, made, same, worn, zone, summary_of) for made in unique.values()]
    return sorted(kept, key=lambda k: (k.summary.start_utc, k.summary.header.sid), reverse=True), same


def _kept_one(
    found: Folded, made: Made, same: SameRuns, worn: Worn, zone: ZoneInfo, summary_of: SummaryOf
) -> KeptSession:
    summary = summary_of(found, made) if made.sid in found.made else found.sources[made.sid]
    instead = same.instead.get(made.sid) if made.standing == "counts" else made.instead
    told = made.told
    if not told.shoe_said and (of_day := worn.on(_day(summary, zone))) is not None:
        told = Told(of_day, shoe_said=False, effort=told.effort, note=told.note)
    return KeptSession(
        summary=summary,
        standing="same-run" if made.standing == "counts" and instead is not None else made.standing,
        told=told,
        instead=instead,
        because=same.because.get(made.sid) if made.standing == "counts" else None,
        pieces=made.pieces,
        entries=made.entries,
    )


def _day(session: SessionSummary, zone: ZoneInfo) -> date:
    return session.start_utc.astimezone(zone).date()
