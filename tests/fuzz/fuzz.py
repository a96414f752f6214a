"""Broken payloads for every decoder: only DecodeError may leave one, and a stream lets nothing leave at all.

``make fuzz`` runs it; the seed is printed, and with it a run can be repeated: ``make fuzz FUZZ="--seed 7"``.
"""

import argparse
import random
import sys
import time
import traceback
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import groupby

from tests.decoders.streams import Notification
from tests.fuzz.targets import Target, targets

COUNT = 200_000
LIFE = 2000  # notifications a decoder lives for: long enough for its state to matter
LARGEST_CALL = 64
LONGEST = 2048  # bytes; a notification has at most 512
EXTREMES = (0, 1, 2, 0x7F, 0x80, 0xFE, 0xFF)


def mutated(rng: random.Random, payload: bytes, other: bytes) -> bytes:
    """Return a payload broken in one to three ways, or as it was."""
    octets = bytearray(payload)
    for _ in range(rng.choice((0, 1, 1, 1, 2, 3))):
        at = rng.randrange(len(octets) + 1)
        match rng.randrange(7):
            case 0 if octets:  # bits turned over
                octets[at - 1] ^= 1 << rng.randrange(8)
            case 1 if octets:  # a length, a count or a flag that lies; mostly near the beginning
                octets[min(at, rng.randrange(16), len(octets) - 1)] = rng.choice(EXTREMES)
            case 2:  # cut
                del octets[at:]
            case 3:  # a part taken out
                del octets[at : at + rng.randrange(1, 9)]
            case 4:  # a part repeated
                octets[at:at] = octets[: rng.randrange(len(octets) + 1)]
            case 5:  # spliced with another
                octets = octets[:at] + other[rng.randrange(len(other) + 1) :]
            case 6:  # bytes of any kind put in
                octets[at:at] = rng.randbytes(rng.randrange(1, 9))
    return bytes(octets[:LONGEST])


def notifications(rng: random.Random, seeds: Sequence[Notification], count: int) -> Iterator[Notification]:
    for _ in range(count):
        characteristic, payload = rng.choice(seeds)
        if rng.random() < 0.02:
            yield characteristic, rng.randbytes(rng.randrange(64))
        else:
            yield characteristic, mutated(rng, payload, rng.choice(seeds)[1])


@dataclass(frozen=True, slots=True)
class Result:
    """How one target did; ``problem`` is a report, or None."""

    name: str
    count: int
    took_s: float
    problem: str | None


def attack(target: Target, seed: str, count: int) -> Result:
    """Give a target ``count`` broken notifications, in calls of one to 64, to a new decoder every ``LIFE``."""
    rng = random.Random(f"{seed} {target.name}")
    begin, done = time.perf_counter(), 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        while done < count:
            decode = target.make()
            life = list(notifications(rng, target.seeds, min(LIFE, count - done)))
            at = 0
            while at < len(life):
                call = life[at : at + rng.randrange(1, LARGEST_CALL + 1)]
                at += len(call)
                for characteristic, run in groupby(call, key=lambda n: n[0]):
                    payloads = [payload for _, payload in run]
                    try:
                        decode(characteristic, payloads)
                    except BaseException:
                        told = "\n".join(f"  {characteristic} {payload.hex()}" for payload in payloads)
                        problem = f"{traceback.format_exc()}in the call with these notifications:\n{told}"
                        return Result(target.name, done + at, time.perf_counter() - begin, problem)
            done += len(life)
    return Result(target.name, done, time.perf_counter() - begin, None)


def _attack_by_name(name: str, seed: str, count: int) -> Result:
    return attack(next(t for t in targets() if t.name == name), seed, count)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=COUNT, help="payloads for each decoder")
    parser.add_argument("--seed", default=str(random.SystemRandom().randrange(10**9)), help="to repeat a run")
    parser.add_argument("--only", default="", help="decoders whose name contains this")
    asked = parser.parse_args(arguments)
    names = [target.name for target in targets() if asked.only in target.name]
    if not names:
        parser.error(f"no decoder is called {asked.only!r}; there are {', '.join(t.name for t in targets())}")
    print(f"{asked.count} payloads for each of {len(names)} decoders, seed {asked.seed}", flush=True)
    problems = []
    with ProcessPoolExecutor() as pool:
        running = [pool.submit(_attack_by_name, name, asked.seed, asked.count) for name in names]
        for result in (one.result() for one in running):
            verdict = "ok" if result.problem is None else "FAILED"
            print(f"{result.name:48} {result.count:>8} payloads {result.took_s:6.1f} s  {verdict}", flush=True)
            problems += [result] if result.problem else []
    for result in problems:
        print(f"\n{result.name}, seed {asked.seed}:\n{result.problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
