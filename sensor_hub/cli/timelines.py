"""``sensor-hub session timeline``: one session over its time."""

from typing import Any

from sensor_hub.cli.desk import Sid, Who, open_desk
from sensor_hub.cli.show import DataDir, Json, as_json, as_table, say

EPILOG = "Examples: sensor-hub session timeline last   ·   sensor-hub session timeline SID --json"
ROW_S = 60.0
MOST_ROWS = 120


def timeline(sid: Sid, athlete: Who = None, data_dir: DataDir = None, json: Json = False) -> None:
    """Show a run over its time: cadence, contact time, load so far, and where nothing is known."""
    from sensor_hub.app.timelines import Timelines
    from sensor_hub.errors import StoreError

    with open_desk(data_dir) as desk:
        summary = desk.find(sid, athlete).summary
        whole = summary.header.sid
        store = desk.archive.store
        found = Timelines(store, store.reference).of(whole, lambda _athlete: None)
    if found is None:
        raise StoreError(f"session {whole!r}: no step of a run is kept of it; 'session list' has its totals")
    if json:
        as_json(_answer(found))
    else:
        _show(summary, found)


def _answer(found: Any) -> dict[str, Any]:
    from math import isfinite

    from sensor_hub.model.timeline import COLUMNS

    columns = {name: [v if isfinite(v) else None for v in getattr(found, name).tolist()] for name in COLUMNS}
    unseen = [
        {"begin_s": one.begin_s, "end_s": one.end_s, "cause": one.cause, "device": one.device} for one in found.unseen
    ]
    return {
        "sid": found.sid, "start_utc": found.start_utc.isoformat(), "end_utc": found.end_utc.isoformat(),
        "bin_s": found.bin_s, "from_minutes": found.from_minutes, **columns, "unseen": unseen,
    }  # fmt: skip


def _show(summary: Any, found: Any) -> None:
    from math import ceil

    from sensor_hub.model.load import is_partly_recorded
    from sensor_hub.model.timeline import coarser
    from sensor_hub.words import timelines as words

    lasted_s = (found.end_utc - found.start_utc).total_seconds()
    rows = coarser(found, ROW_S * max(1, ceil(lasted_s / ROW_S / MOST_ROWS)))
    is_lower_bound = is_partly_recorded(summary.totals.coverage)
    as_table(f"{found.sid}: loads are modelled", words.row_header(), words.rows(rows, lower_bound=is_lower_bound))
    if summary.header.origin == "simulated":
        say("Simulated: no person ran this.")
    if found.unseen:
        as_table("Gaps and pauses", words.unseen_header(), [words.unseen_row(one) for one in found.unseen])
