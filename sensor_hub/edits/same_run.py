"""The same run told by several sources: nobody runs twice at once, so one of them counts.

What a person said goes before everything else. By itself the program takes two live sessions of one athlete that
overlap (two edges heard the same pods) and two imports of the same numbers for one run. Whatever else overlaps by more
than half of the shorter one is offered, and counts until somebody answers, unless likely ones are to be linked unasked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from sensor_hub.edits.by_hand import SOURCE as BY_HAND
from sensor_hub.edits.by_hand import TIME_UNKNOWN
from sensor_hub.model.comparison import are_of_a_kind
from sensor_hub.model.edit import Distinct, Link, Prefer, SourceKind
from sensor_hub.model.history import Offer, SameRunBecause
from sensor_hub.model.load import is_partly_recorded
from sensor_hub.model.session import SessionSummary

SAME_RUN: Final = 0.5  # of the shorter inside the other: not the end of one run at the start of another (ours)
SAME_START: Final = timedelta(seconds=30)  # formats round, and one counts from the first position (ours)
SAME_NUMBERS: Final = 0.02  # of distance and time, the same recording in two formats (ours)
WATCH: Final = frozenset({"fit", "tcx", "gpx"})
LOG: Final = "session-log"
LEDGERS: Final = frozenset({"run", "walk", "other"})
TIERS: Final = {"imu": 0, "contact": 1, "speed": 2}


@dataclass(slots=True)
class SameRuns:
    """What was found out.

    instead : of each session that does not count, the one that does. because : of every session of a group, why.
    offers : groups nobody has answered for.
    """

    instead: dict[str, str] = field(default_factory=dict)
    because: dict[str, SameRunBecause] = field(default_factory=dict)
    offers: tuple[Offer, ...] = ()


def source_kind(session: SessionSummary) -> SourceKind:
    """Return where a session comes from."""
    if session.source == BY_HAND:
        return "by-hand"
    if session.source == LOG:
        return "log"
    return "watch" if session.source in WATCH else "sensor"


def same_runs(
    sessions: Iterable[SessionSummary], said: Sequence[Link | Distinct] = (), prefer: Prefer | None = None
) -> SameRuns:
    """Return which sessions of one athlete are the same run, and which of each run counts.

    Parameters
    ----------
    sessions : iterable of SessionSummary
        As the edits left them, without deleted ones and parts of others; in any order.
    said : sequence of Link or Distinct
        In the order it was said; of a pair the last counts.
    prefer : Prefer
        Order of the sources, and whether to ask.
    """
    prefer = prefer or Prefer()
    known = {session.header.sid: session for session in sessions}
    pairs, chosen = _said(said, known)
    likely: list[tuple[str, str]] = []
    for one, other in overlapping(known.values()):
        pair = frozenset((one.header.sid, other.header.sid))
        if pair in pairs:
            continue
        because = by_itself(one, other)
        if because is not None:
            pairs[pair] = because
        elif not prefer.ask:
            pairs[pair] = "preference"
        else:
            likely.append((one.header.sid, other.header.sid))
    if not pairs and not likely:
        return SameRuns()
    groups = _Groups(known, pairs)
    found = SameRuns()
    for group in groups.all():
        counts = _counting(group, known, chosen, prefer)
        for sid in group:
            found.because[sid] = groups.because(sid)
            if sid != counts:
                found.instead[sid] = counts
    found.offers = _offers(likely, known, found, groups, prefer)
    return found


def are_apart(sessions: Sequence[SessionSummary]) -> bool:
    """Whether sessions that are in order of their start all end before the next begins: nothing is to be found out."""
    return all(one.end_utc <= other.start_utc for one, other in pairwise(sessions))


def overlapping(sessions: Iterable[SessionSummary]) -> list[tuple[SessionSummary, SessionSummary]]:
    """Return pairs of one ledger of which more than half of the shorter lies in the other, by start.

    A run put in by hand without a time of day is paired with everything of its day that came another way.
    """
    ordered = sorted(
        (s for s in sessions if s.header.ledger in LEDGERS and s.header.origin != "replay"),
        key=lambda s: (s.start_utc, s.header.sid),
    )
    found, running = [], list[SessionSummary]()
    for session in ordered:
        running = [other for other in running if other.end_utc > session.start_utc]
        found += [(other, session) for other in running if is_likely(other, session)]
        running.append(session)
    return found + _of_its_day(ordered)


def _of_its_day(ordered: Sequence[SessionSummary]) -> list[tuple[SessionSummary, SessionSummary]]:
    found = []
    for run in (s for s in ordered if TIME_UNKNOWN in s.warnings):
        zone = ZoneInfo(run.header.zone)
        day = run.start_utc.astimezone(zone).date()
        found += [
            (run, other)
            for other in ordered
            if source_kind(other) != "by-hand"
            and other.start_utc.astimezone(zone).date() == day
            and are_of_a_kind(run.header, other.header)
            and not is_likely(run, other)
        ]
    return found


def by_itself(one: SessionSummary, other: SessionSummary) -> SameRunBecause | None:
    """Return why the program takes two overlapping sessions for one run by itself; None where it asks."""
    origins = one.header.origin, other.header.origin
    if origins == ("live", "live"):
        return "two-edges"
    return "same-numbers" if "live" not in origins and has_same_numbers(one, other) else None


def has_same_numbers(one: SessionSummary, other: SessionSummary) -> bool:
    """Whether two sessions are the same recording in two formats: the same start, time and distance."""
    distances_m = one.totals.distance_m, other.totals.distance_m
    known_m = [d for d in distances_m if d is not None]
    if len(known_m) < 2 or BY_HAND in {one.source, other.source}:
        return False
    whole_s = [(s.end_utc - s.start_utc).total_seconds() for s in (one, other)]
    return abs(one.start_utc - other.start_utc) <= SAME_START and _are_close(known_m) and _are_close(whole_s)


def _are_close(two: Sequence[float]) -> bool:
    return max(two) - min(two) <= SAME_NUMBERS * max(two)


def is_likely(one: SessionSummary, other: SessionSummary) -> bool:
    """Whether more than half of the shorter session lies in the other, and both can be of one run."""
    if not are_of_a_kind(one.header, other.header):
        return False
    shared = min(one.end_utc, other.end_utc) - max(one.start_utc, other.start_utc)
    shorter = min(one.end_utc - one.start_utc, other.end_utc - other.start_utc)
    return shared > timedelta(0) and shared > SAME_RUN * shorter


def _said(
    said: Sequence[Link | Distinct], known: Mapping[str, SessionSummary]
) -> tuple[dict[frozenset[str], SameRunBecause | None], dict[str, int]]:
    """Return of each pair what was said last, None where they are different runs; and who was chosen, and when."""
    pairs: dict[frozenset[str], SameRunBecause | None] = {}
    chosen: dict[str, int] = {}
    for place, edit in enumerate(said):
        sids = [sid for sid in dict.fromkeys(edit.sids) if sid in known]
        for i, one in enumerate(sids):
            for other in sids[i + 1 :]:
                pairs[frozenset((one, other))] = "said" if isinstance(edit, Link) else None
        if isinstance(edit, Link):
            for sid in sids:
                chosen.pop(sid, None)  # who was chosen before is no longer, unless named again
            if edit.counts in sids:
                chosen[str(edit.counts)] = place
    return pairs, chosen


class _Groups:
    """Sessions joined pair by pair: first what was said, then the rest by start; never two that are said to differ."""

    def __init__(
        self, known: Mapping[str, SessionSummary], pairs: Mapping[frozenset[str], SameRunBecause | None]
    ) -> None:
        self._group: dict[str, set[str]] = {}
        self._because: dict[str, SameRunBecause] = {}
        differ = [pair for pair, because in pairs.items() if because is None]
        joined = [(pair, because) for pair, because in pairs.items() if because is not None]

        def in_order(item: tuple[frozenset[str], SameRunBecause]) -> tuple[bool, datetime, list[str]]:
            pair, because = item
            return because != "said", min(known[sid].start_utc for sid in pair), sorted(pair)

        for pair, because in sorted(joined, key=in_order):
            together = set().union(*(self._group.get(sid, {sid}) for sid in pair))
            if any(two <= together for two in differ):
                continue
            for sid in together:
                self._group[sid] = together
            for sid in pair:
                self._because.setdefault(sid, because)

    def all(self) -> list[set[str]]:
        """Return every group once."""
        return list({id(group): group for group in self._group.values()}.values())

    def of(self, sid: str) -> set[str]:
        """Return the group a session is in."""
        return self._group.get(sid, {sid})

    def because(self, sid: str) -> SameRunBecause:
        """Return why a session is in its group."""
        return self._because[sid]


def _counting(
    group: Iterable[str], known: Mapping[str, SessionSummary], chosen: Mapping[str, int], prefer: Prefer
) -> str:
    """Return the one that counts: whom somebody chose last, else the best source."""
    named = [sid for sid in group if sid in chosen]
    if named:
        return max(named, key=lambda sid: (chosen[sid], sid))
    return min(group, key=lambda sid: _rank(known[sid], prefer))


def _rank(session: SessionSummary, prefer: Prefer) -> tuple[bool, int, int, float, datetime, str]:
    """Sort key, the best first: mostly recorded before hardly, then the order of sources, then what was measured."""
    coverage, kind = session.totals.coverage, source_kind(session)
    place = prefer.order.index(kind) if kind in prefer.order else len(prefer.order)
    seen = 0.0 if coverage is None else coverage
    return is_partly_recorded(coverage), place, TIERS[session.header.tier], -seen, session.start_utc, session.header.sid


def _offers(
    likely: Sequence[tuple[str, str]],
    known: Mapping[str, SessionSummary],
    found: SameRuns,
    groups: _Groups,
    prefer: Prefer,
) -> tuple[Offer, ...]:
    """Return what is to be asked: pairs in which both count, put together where they share one; newest first."""
    asked: list[set[str]] = []
    for one, other in likely:
        pair = {found.instead.get(one, one), found.instead.get(other, other)}
        if len(pair) < 2 or groups.of(one) is groups.of(other):
            continue
        touching = [group for group in asked if group & pair]
        asked = [group for group in asked if not group & pair]
        asked.append(pair.union(*touching))
    offers = []
    for group in sorted(asked, key=lambda g: max((known[sid].start_utc, sid) for sid in g), reverse=True):
        ordered = sorted(group, key=lambda sid: (known[sid].start_utc, sid))
        offers.append(Offer(tuple(ordered), min(ordered, key=lambda sid: _rank(known[sid], prefer))))
    return tuple(offers)
