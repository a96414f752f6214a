"""Histories, and whatever somebody may say of them: sense and nonsense."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from sensor_hub.model.edit import (
    SOURCE_ORDER,
    AddRun,
    Change,
    Delete,
    Distinct,
    Edit,
    Entry,
    Link,
    Merge,
    Prefer,
    Split,
    Tell,
    Trim,
    Undo,
)
from sensor_hub.model.load import Surface
from sensor_hub.model.session import Ledger
from tests.edits.recorded import KINDS, Kind, Recorded, recorded

PEOPLE = ("k3f4aaaa", "m7q2bbbb")
# Days on which a clock is put on or back in one of them: 8 March and 29 March 2026.
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kathmandu")
FIRST_DAY = datetime(2026, 2, 10, tzinfo=UTC)
MADE_UTC = datetime(2026, 4, 20, 12, 0, tzinfo=UTC)
NOBODYS = "nobodys"
MOST_DAYS = 60


@dataclass(frozen=True, slots=True)
class Story:
    """What was recorded, and what was said of it."""

    recorded: tuple[Recorded, ...]
    entries: tuple[Entry, ...]


def sid_of(n: int) -> str:
    return f"01s{n:023d}"


@st.composite
def sessions(draw: st.DrawFn, most: int = 12, *, people: Sequence[str] = PEOPLE) -> tuple[Recorded, ...]:
    """Some sessions over 60 days, no two of a person at once but for the same run from two sources."""
    n = draw(st.integers(2, most))
    at_utc = FIRST_DAY + timedelta(minutes=draw(st.integers(0, 1439)))
    found: list[Recorded] = []
    for _ in range(n):
        at_utc += timedelta(minutes=draw(st.sampled_from((7, 40, 900, 1440, 2000, 3000))))
        if at_utc > FIRST_DAY + timedelta(days=MOST_DAYS):
            break
        who = draw(st.sampled_from(tuple(people)))
        kind = draw(st.sampled_from(KINDS))
        found.append(_one(draw, len(found), kind, who, at_utc))
        if draw(st.integers(0, 4)) == 0:
            other = draw(st.sampled_from(KINDS))
            late = timedelta(seconds=draw(st.sampled_from((0, 1, 20, 31, 70, 120))))
            found.append(_one(draw, len(found), other, who, at_utc + late))
    return tuple(found)


def _one(draw: st.DrawFn, n: int, kind: Kind, who: str, start_utc: datetime) -> Recorded:
    return recorded(
        kind, sid_of(n), who, start_utc, minutes=draw(st.integers(2, 5)), zone=draw(st.sampled_from(ZONES)),
        gap=draw(st.booleans()), pause=draw(st.booleans()),
    )  # fmt: skip


@st.composite
def edits(draw: st.DrawFn, there: Sequence[Recorded], known: list[str], *, linking: bool = True) -> Edit:
    """One edit; of sessions that are there, that an edit before may have made, or of nobody's."""
    sid = draw(st.sampled_from([*known, NOBODYS]))
    kinds = ["add", "trim", "trim", "split", "merge", "merge", "delete", "change", "move", "tell"]
    kind = draw(st.sampled_from([*kinds, "link", "distinct", "prefer"] if linking else kinds))
    match kind:
        case "add":
            return _by_hand(draw, known)
        case "trim":
            moments = st.none() | _moments(there, sid)
            return Trim(sid, draw(moments), draw(moments))
        case "split":
            second = draw(st.sampled_from([f"{sid}-b{len(known)}", *known[:1]]))
            known.append(second)
            return Split(sid, draw(_moments(there, sid)), second)
        case "merge":
            return Merge(_some(draw, known))
        case "delete":
            return Delete(sid)
        case "change":
            ledgers: tuple[Ledger | None, ...] = (None, "run", "walk")
            surfaces: tuple[Surface | None, ...] = (None, "treadmill", "overground")
            return Change(sid, ledger=draw(st.sampled_from(ledgers)), surface=draw(st.sampled_from(surfaces)))
        case "move":
            return Change(sid, athlete=draw(st.sampled_from(PEOPLE)))
        case "tell":
            return _told(draw, sid)
        case "link":
            some = _some(draw, known)
            return Link(some, draw(st.sampled_from((None, *some))))
        case "distinct":
            return Distinct(_some(draw, known))
        case _:
            return Prefer(tuple(draw(st.permutations(SOURCE_ORDER))), draw(st.booleans()))


def _some(draw: st.DrawFn, known: Sequence[str]) -> tuple[str, ...]:
    """Two or three sessions; often such as follow each other."""
    at = draw(st.integers(0, max(0, len(known) - 2)))
    beside = tuple(known[at : at + draw(st.integers(2, 3))])
    anyhow = draw(st.lists(st.sampled_from([*known, NOBODYS]), min_size=1, max_size=3).map(tuple))
    return draw(st.sampled_from((beside, beside, anyhow)))


def _moments(there: Sequence[Recorded], sid: str) -> st.SearchStrategy[datetime]:
    """Times in and around a session, such as between two rows, on one, within a gap, before and after."""
    whose = next((r.summary for r in there if sid.startswith(r.sid)), there[0].summary)
    seconds = st.one_of(
        st.sampled_from((-3600.0, -1.0, 0.0, 60.0, 75.0, 80.0, 90.0, 120.0, 3600.0)), st.floats(-30, 330)
    )
    return seconds.map(lambda s: whose.start_utc + timedelta(seconds=s))


def _by_hand(draw: st.DrawFn, known: list[str]) -> AddRun:
    sid = draw(st.sampled_from([f"by-hand-{len(known)}", *known[:1]]))
    known.append(sid)
    start_utc = FIRST_DAY + timedelta(hours=draw(st.integers(0, 24 * MOST_DAYS)))
    unknown = st.none()
    return AddRun(
        sid, start_utc, draw(st.booleans()), draw(unknown | st.sampled_from((600.0, 3000.0))),
        draw(unknown | st.sampled_from((1000.0, 9000.0))), draw(unknown | st.integers(0, 10).map(float)),
    )  # fmt: skip


def _told(draw: st.DrawFn, sid: str) -> Tell:
    return Tell(
        sid,
        draw(st.sampled_from((None, None, "s1", "s2"))),
        draw(st.sampled_from((None, 0.0, 4.0, 10.0))),
        draw(st.sampled_from((None, "stiff at first", "windy"))),
        draw(st.sampled_from(((), (), ("shoe",), ("effort", "note")))),
    )


@st.composite
def stories(draw: st.DrawFn, most_sessions: int = 10, most_entries: int = 12, *, linking: bool = True) -> Story:
    """A history and a journal of it, with undos, undos of undos, and of what nobody ever said."""
    there = draw(sessions(most_sessions))
    known = [r.sid for r in there]
    entries: list[Entry] = []
    for i in range(draw(st.integers(0, most_entries))):
        by = draw(st.sampled_from(PEOPLE))
        if draw(st.integers(0, 3)) == 0:
            which = draw(st.sampled_from([*(e.id for e in entries), f"e{i}", f"e{i + 1}"]))
            edit: Edit = Undo(which)
            by = next((e.athlete for e in entries if e.id == which), by)
        else:
            edit = draw(edits(there, known, linking=linking))
        other = edit.athlete if isinstance(edit, Change) and edit.athlete != by else None
        entries.append(Entry(f"e{i}", by, MADE_UTC + timedelta(seconds=i), "cli", edit, other))
    return Story(there, tuple(entries))
