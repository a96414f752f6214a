"""An edge's outbox: what waits in it for a hub. Read without opening it as an edge would."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from sensor_hub.app.doctor.check import Check

MANY_WAIT: Final = 10_000  # messages; more than an hour of one runner


def look_at_outbox(path: Path) -> Iterator[Check]:
    """Count what no hub has acknowledged yet."""
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5.0)) as db:
            (gw, last), (n,) = (
                db.execute("SELECT gw, last_seq FROM gateway").fetchone(),
                db.execute("SELECT count(*) FROM waiting").fetchone(),
            )
    except (sqlite3.Error, TypeError) as error:
        yield Check("outbox", "fail", f"{path} cannot be read: {error}", "restore a backup, or move it away")
        return
    text = f"gateway {gw}: {n} of {last} messages wait for a hub"
    if n > MANY_WAIT:
        yield Check("outbox", "warn", text, "is the hub running, and does it reach the same broker?")
    else:
        yield Check("outbox", "ok", text)
