"""An edge that makes events in real time, through the program's own outbox and publisher; killed, it goes on.

python -m tests.chaos.edge FOLDER SEED SECONDS MESSAGES_PER_S, with the broker's URL in CHAOS_MQTT.

What it has made it also writes down apart from the outbox (``made.txt``: athlete, events so far; a line is written when
the outbox has said that they are on disk). An outbox that has forgotten something it once said it had is told by a line
"forgot". It ends when a hub has everything.
"""

import os
import signal
import sys
import time
from pathlib import Path
from typing import Final

from sensor_hub.app.edge import Edge
from sensor_hub.wire import Topics
from tests.chaos.made import N_ATHLETES, Made

TICK_S: Final = 0.1
DRAIN_S: Final = 120.0


def counts(folder: Path) -> dict[int, int]:
    """What an edge wrote down: athlete → events made."""
    lines = (folder / "made.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split() for line in lines if line.startswith("made ")]
    return {int(athlete): int(n) for _, athlete, n in (pair for pair in pairs if len(pair) == 3)}


def main() -> int:
    """Make, keep, publish, wait for the hub's word."""
    folder, made = Path(sys.argv[1]), Made.of(int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4]))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    edge = Edge(folder / "outbox.db", os.environ["CHAOS_MQTT"], Topics())
    sids = [made.header(athlete).sid for athlete in range(N_ATHLETES)]
    with (folder / "made.txt").open("a", encoding="utf-8", buffering=1) as paper:
        known = counts(folder)
        for athlete, sid in enumerate(sids):
            if edge.outbox.taken(sid) < known.get(athlete, 0):
                paper.write(f"\nforgot {athlete} {known[athlete]} {edge.outbox.taken(sid)}\n")
        edge.start()
        begun_s = began(folder)
        done = [edge.outbox.taken(sid) for sid in sids]
        while min(done) < made.n_events:
            due = min(int((time.time() - begun_s) * made.rate_hz) + 1, made.n_events)
            for athlete, sid in enumerate(sids):
                if done[athlete] < due:
                    events = [made.event(athlete, number) for number in range(done[athlete], due)]
                    edge.outbox.append(events, first_index=done[athlete], sid=sid)
                    done[athlete] = due
            paper.write("".join(f"\nmade {athlete} {n}" for athlete, n in enumerate(done)) + "\n")
            time.sleep(TICK_S)
        (folder / "all-made").touch()
        return 0 if edge.stop(DRAIN_S) else 1


def began(folder: Path) -> float:
    """Return the wall clock's second at which the first edge of this folder began."""
    path = folder / "began"
    if not path.exists():
        scratch = folder / "began.new"
        scratch.write_text(repr(time.time()), encoding="utf-8")
        scratch.rename(path)
    return float(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main())
