"""Everything of one store into another, and then both held against each other: counts, and a sum over every value.

Sessions go one by one, what was received of the gateways last. A session that is there already just as it is in the
source is left alone, so a migration that was killed goes on where it was.
"""

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from sensor_hub.errors import StoreError
from sensor_hub.model.finding import Finding
from sensor_hub.model.message import DeadLetter
from sensor_hub.model.moving import Whole, checksum_of
from sensor_hub.model.ports import Movable

SUMMED: Final = ("sessions", "findings", "dead letters", "received", "merged athletes")
COUNTED: Final = ("steps", "gaps", "pauses", "decode failures", "minutes kept")
LETTERS_AT_ONCE: Final = 200
SHOWN: Final = 5

Each = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of thing in both stores: how many, and the sum over all their values ("" where it is in another's)."""

    name: str
    n_source: int
    n_target: int
    source_sha256: str = ""
    target_sha256: str = ""

    @property
    def same(self) -> bool:
        """Whether both stores have the same."""
        return self.n_source == self.n_target and self.source_sha256 == self.target_sha256


@dataclass(frozen=True, slots=True)
class Migration:
    """What was done, and how the stores compare after it.

    n_put : sessions that were written. n_there : those that were there already, just the same. different : what is not
    the same in both, named.
    """

    parts: tuple[Part, ...]
    different: tuple[str, ...]
    n_put: int
    n_there: int

    @property
    def same(self) -> bool:
        """Whether everything of the source is in the target, value for value."""
        return not self.different and all(part.same for part in self.parts)

    def answer(self) -> dict[str, Any]:
        """As JSON can say it."""
        return {
            "same": self.same,
            "sessions_put": self.n_put,
            "sessions_there_already": self.n_there,
            "parts": [
                {
                    "name": part.name, "source": part.n_source, "target": part.n_target, "same": part.same,
                    "source_sha256": part.source_sha256 or None, "target_sha256": part.target_sha256 or None,
                }
                for part in self.parts
            ],
            "different": list(self.different),
        }  # fmt: skip


@dataclass(slots=True)
class Contents:
    """What a store has, session by session as a sum, and the rest as it is."""

    sums: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    findings: dict[str, Finding] = field(default_factory=dict)
    letters: dict[str, DeadLetter] = field(default_factory=dict)
    received: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)

    def add(self, whole: Whole) -> None:
        """Count a session, and keep its sum."""
        self.sums[whole.sid] = whole.checksum()
        self.counts["steps"] += len(whole.steps)
        self.counts["gaps"] += len(whole.gaps)
        self.counts["pauses"] += len(whole.pauses)
        self.counts["decode failures"] += len(whole.failures)
        self.counts["minutes kept"] += 0 if whole.minutes is None else len(whole.minutes)

    def summed(self) -> dict[str, tuple[int, str]]:
        """How many of each kind, and the sum over them."""
        numbers = sum(last - first + 1 for ranges in self.received.values() for first, last in ranges)
        return {
            "sessions": (len(self.sums), checksum_of(sorted(self.sums.items()))),
            "findings": (len(self.findings), checksum_of(self.findings[key] for key in sorted(self.findings))),
            "dead letters": (len(self.letters), checksum_of(self.letters[key] for key in sorted(self.letters))),
            "received": (numbers, checksum_of(sorted(self.received.items()))),
            "merged athletes": (len(self.merged), checksum_of(sorted(self.merged.items()))),
        }


def migrate(
    source: Movable,
    target: Movable,
    *,
    into_filled: bool = False,
    resuming: bool = False,
    begin: Callable[[], None] = lambda: None,
    each: Each = lambda what, done, n: None,
) -> Migration:
    """Put everything of one store into another, and compare them.

    Parameters
    ----------
    into_filled : the target may have other things; what is in both becomes as it is in the source, and only the
        source's things are compared.
    resuming : the target's things are those of this same migration, which was stopped.
    begin : called before the first thing is written.
    each : told (what, done, of how many).

    Raises
    ------
    StoreError
        If a store fails, the source is empty, or the target has other things and may not; then nothing was written.
    """
    sids, rest = source.sids(), rest_of(source)
    if not sids and not any((rest.findings, rest.letters, rest.received, rest.merged)):
        raise StoreError("nothing is stored where it should come from; is it the right store?")
    there = _same_already(source, target, sids, rest, into_filled=into_filled, resuming=resuming, each=each)
    begin()
    for done, sid in enumerate(sids):
        each("sessions put", done, len(sids))
        if sid not in there:
            target.put_whole(source.whole(sid))
    each("sessions put", len(sids), len(sids))
    _put_rest(target, rest, each)
    return compare(
        source, target, only_sources=into_filled, each=each, n_put=len(sids) - len(there), n_there=len(there)
    )


def compare(
    source: Movable, target: Movable, *, only_sources: bool, each: Each, n_put: int = 0, n_there: int = 0
) -> Migration:
    """Read both stores anew and hold them against each other.

    only_sources : what the target has besides is none of the comparison.
    """
    sids = source.sids()
    here, there = rest_of(source), rest_of(target)
    others = [] if only_sources else sorted(set(target.sids()) - set(sids))
    if only_sources:
        _leave_out_others(there, here)
    for done, sid in enumerate([*sids, *others]):
        each("sessions compared", done, len(sids) + len(others))
        one, other = source.whole(sid), target.whole(sid)
        if sid not in others:
            here.add(one)
        if not other.is_empty():
            there.add(other)
    each("sessions compared", len(sids), len(sids))
    of_source, of_target = here.summed(), there.summed()
    parts = [
        Part(name, of_source[name][0], of_target[name][0], of_source[name][1], of_target[name][1]) for name in SUMMED
    ]
    parts[1:1] = [Part(name, here.counts[name], there.counts[name]) for name in COUNTED]
    return Migration(tuple(parts), tuple(_differences(here, there)), n_put, n_there)


def rest_of(store: Movable) -> Contents:
    """Return what a store has besides sessions."""
    return Contents(
        findings={finding.id: finding for finding in store.findings()},
        letters={_letter_key(letter): letter for letter in store.dead_letters()},
        received={gw: store.received(gw) for gw in store.gateways()},
        merged=store.reassigned(),
    )


def _same_already(
    source: Movable, target: Movable, sids: list[str], rest: Contents, *, into_filled: bool, resuming: bool, each: Each
) -> set[str]:
    """Sessions that the target has just as the source; StoreError if it has other things, and may not."""
    found = set(target.sids())
    if not into_filled:
        _refuse_others(found - set(sids), rest_of(target), rest)
    both, same = [sid for sid in sids if sid in found], set()
    for done, sid in enumerate(both):
        each("sessions that are there", done, len(both))
        if source.whole(sid).checksum() == target.whole(sid).checksum():
            same.add(sid)
        elif not (into_filled or resuming):
            raise StoreError(
                f"session {sid} is in both stores, and differs; nothing was changed (--into-filled puts the one of the "
                "source in its place)"
            )
    each("sessions that are there", len(both), len(both))
    return same


def _refuse_others(sids: set[str], there: Contents, here: Contents) -> None:
    others = {
        "sessions": len(sids),
        "findings": len(there.findings.keys() - here.findings.keys()),
        "dead letters": len(there.letters.keys() - here.letters.keys()),
        "gateways": len(there.received.keys() - here.received.keys()),
        "merged athletes": len(there.merged.keys() - here.merged.keys()),
    }
    told = ", ".join(f"{what}: {n}" for what, n in others.items() if n)
    if told:
        raise StoreError(
            f"the store it should go to has other things ({told}); nothing was changed (--into-filled leaves them)"
        )


def _put_rest(target: Movable, rest: Contents, each: Each) -> None:
    target.put_rest(list(rest.findings.values()), rest.merged)
    letters = list(rest.letters.values())
    for at in range(0, len(letters), LETTERS_AT_ONCE):
        each("dead letters put", at, len(letters))
        target.commit([], letters[at : at + LETTERS_AT_ONCE])
    each("dead letters put", len(letters), len(letters))
    for done, (gw, ranges) in enumerate(sorted(rest.received.items())):
        each("gateways put", done, len(rest.received))
        missing = _without(ranges, target.received(gw))
        if missing:
            target.mark_received(gw, missing)
    each("gateways put", len(rest.received), len(rest.received))


def _without(ranges: Iterable[tuple[int, int]], marked: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Parts of closed ranges that are in none of ``marked``, which are ascending and apart."""
    found = []
    for first, last in ranges:
        at = first
        for known_first, known_last in marked:
            if known_last < at or known_first > last:
                continue
            if known_first > at:
                found.append((at, known_first - 1))
            at = known_last + 1
        if at <= last:
            found.append((at, last))
    return found


def _leave_out_others(there: Contents, here: Contents) -> None:
    """Leave out what only the target has."""
    there.findings = {key: one for key, one in there.findings.items() if key in here.findings}
    there.letters = {key: one for key, one in there.letters.items() if key in here.letters}
    there.merged = {old: new for old, new in there.merged.items() if old in here.merged}
    there.received = {
        gw: [one for one in ranges if _is_within(one, there.received.get(gw, []))]
        for gw, ranges in here.received.items()
    }
    there.received = {gw: ranges for gw, ranges in there.received.items() if ranges}


def _is_within(one: tuple[int, int], marked: list[tuple[int, int]]) -> bool:
    at = bisect_right(marked, one[0], key=lambda ends: ends[0]) - 1
    return at >= 0 and one[1] <= marked[at][1]


def _differences(here: Contents, there: Contents) -> Iterable[str]:
    yield from (f"session {sid}" for sid in _unlike(here.sums, there.sums))
    yield from (f"finding {key}" for key in _unlike(here.findings, there.findings))
    yield from (f"dead letter {key}" for key in _unlike(here.letters, there.letters))
    yield from (f"gateway {gw}" for gw in _unlike(here.received, there.received))
    yield from (f"athlete {old}, merged" for old in _unlike(here.merged, there.merged))


def _unlike(here: dict[str, Any], there: dict[str, Any]) -> list[str]:
    def said(one: object) -> str:
        return "" if one is None else checksum_of([one])

    return sorted(key for key in here.keys() | there.keys() if said(here.get(key)) != said(there.get(key)))


def _letter_key(letter: DeadLetter) -> str:
    if letter.gw is not None and letter.seq is not None:
        return f"{letter.gw}/{letter.seq}"
    return checksum_of([json.dumps([letter.topic, letter.payload.hex()])])[:16]
