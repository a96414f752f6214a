"""Broken MQTT messages for a hub: each is taken, shown as live, or kept as a dead letter with its reason, and no error.

``make fuzz-messages`` runs it with a real store and a real registry, up to the judgement; the seed is printed, and with
it a run can be repeated: ``make fuzz-messages FUZZ="--seed 7 --count 5000"``.
"""

import argparse
import json
import random
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.app.digest import digest
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.app.ingest import Ingest
from sensor_hub.model.message import Message
from sensor_hub.model.session import DecodeFailed, Event, GapFound, LiveReading, SessionPaused, SessionStarted
from sensor_hub.wire import Topics, encode
from tests.adapters.storage.runs import HEADER, batches, run, totals
from tests.fuzz.fuzz import mutated

COUNT: Final = 50_000
BATCH: Final = 40
START: Final = datetime(2026, 11, 20, 6, 31, tzinfo=UTC)
ODD: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 1, 0.5, 1e308, -1e308, 2**31, 2**63, 2**70, "", "x", "\ud800", "ñ" * 300, "a" * 70_000,
    [], {}, [[]], [None], {"v": 1}, "2026-11-20T06:31:04.120Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+00:00",
    "Europe/Nowhere", "../../etc/passwd", "';DROP TABLE steps;--", "line\nbreak", "tab\tand,comma=equals", "\x00",
)  # fmt: skip
RAW: Final = (
    b"", b"{", b"null", b"[]", b"NaN", b'{"v":NaN}', b'{"v":1e999}', b"\xff\xfe\x00", b"[" * 100_000,
    b'"' + b"x" * 10**6, b'{"a":' * 3000 + b"1" + b"}" * 3000, b'{"v":1,"v":2}', b" " * 1000, b"\xef\xbb\xbf{}",
)  # fmt: skip


def originals() -> list[Message]:
    """A valid message of every kind an edge sends."""
    hour = timedelta(hours=1)
    events: list[Event] = [
        SessionStarted(HEADER, START, ("pod-l", "pod-r")),
        *batches(3),
        GapFound(HEADER, "pod-l", START, START + timedelta(seconds=3), "lost-packets"),
        SessionPaused(HEADER, START, START + timedelta(seconds=9)),
        DecodeFailed(HEADER, "pod-l", "2a53", START, "too short"),
        LiveReading(HEADER, START + hour, "L", 170.0, 0.24, totals(9.0)),
        *(e.event for e in run(2)[-1:]),
    ]
    return [encode(event, topics=Topics(), gw="edge-fuzz", seq=seq) for seq, event in enumerate(events, 1)]


def places(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a JSON value."""
    yield at
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*at, key))
    elif isinstance(value, list):
        for i, inner in enumerate(value[:4]):
            yield from places(inner, (*at, i))


def bent(rng: random.Random, payload: bytes) -> bytes:
    """A JSON text with one to three of its values taken away, replaced by odd ones, or doubled."""
    body = json.loads(payload)
    for _ in range(rng.choice((1, 1, 2, 3))):
        *way, last = rng.choice([place for place in places(body) if place])
        inner = body
        for step in way:
            inner = inner[step]
        match rng.randrange(4):
            case 0:
                del inner[last]
            case 1 if isinstance(inner, list):
                inner.insert(int(last), rng.choice(ODD))
            case 2 if isinstance(inner, dict):
                inner[f"{last}{rng.randrange(3)}"] = inner[last]
            case _:
                inner[last] = rng.choice(ODD)
    return json.dumps(body).encode("utf-8", "surrogatepass")


def messages(rng: random.Random, count: int) -> Iterator[tuple[str, bytes]]:
    """Topics and payloads, most of them broken; numbers go up, as an edge's do."""
    known = originals()
    topics = [message.topic for message in known] + ["sensorhub/v1/home/ath//s//steps", "sensorhub/v1/home/ath/x/s/y/z"]
    for seq in range(1, count + 1):
        one = rng.choice(known)
        payload = one.payload.replace(
            b'"seq":', b'"seq":%d,"was":' % (seq if rng.random() < 0.9 else rng.randrange(50)), 1
        )
        match rng.randrange(10):
            case 0:
                pass
            case 1:
                payload = rng.choice(RAW)
            case 2 | 3 | 4:
                payload = mutated(rng, payload, rng.choice(known).payload)
            case _:
                payload = bent(rng, payload)
        yield (rng.choice(topics) if rng.random() < 0.05 else one.topic), payload


@dataclass
class Told:
    """What became of the messages."""

    count: int = 0
    taken: int = 0
    live: int = 0
    dead: int = 0
    reasons: Counter[str] = field(default_factory=Counter)


def attack(folder: Path, seed: str, count: int) -> Told:
    """Give a hub's ingest broken messages; whatever is raised is a fault."""
    rng, told = random.Random(seed), Told()
    with (
        warnings.catch_warnings(),
        Registry(f"sqlite:///{folder / 'registry.db'}") as registry,
        closing(KeptStore(SqliteStore(folder / "store.db"), registry)) as store,
    ):
        warnings.simplefilter("error")
        ingest = Ingest(store, registry)
        source = messages(rng, count)
        while batch := list(islice(source, BATCH)):
            found = digest(batch)
            n_known = len(found.envelopes) + len(found.live) + len(found.dead)
            assert n_known == len(batch), f"{len(batch) - n_known} messages of a batch are nowhere: {batch}"
            assert all(letter.reason.strip() for letter in found.dead)
            ingest.take(found.envelopes, found.dead)
            told.count += len(batch)
            told.taken += len(found.envelopes)
            told.live += len(found.live)
            told.dead += len(found.dead)
            told.reasons.update(letter.reason.partition(":")[0] for letter in found.dead)
        told.reasons["kept"] = len(store.dead_letters())
    return told


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; an error is shown as it is, and ends it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--seed", default=str(random.SystemRandom().randrange(10**9)), help="to repeat a run")
    asked = parser.parse_args(arguments)
    print(f"{asked.count} messages, seed {asked.seed}", flush=True)
    begin_s = time.monotonic()
    with tempfile.TemporaryDirectory() as temp:
        told = attack(Path(temp), asked.seed, asked.count)
    print(
        f"{told.count} messages: {told.taken} taken, {told.live} live, {told.dead} dead letters with a reason "
        f"({told.reasons.pop('kept')} different ones kept), no error; {time.monotonic() - begin_s:.0f} s"
    )
    print("reasons by kind: " + ", ".join(f"{reason} {n}" for reason, n in told.reasons.most_common()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
