"""``sensor-hub store gaps``: what is missing of what the gateways sent."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from sensor_hub.cli.show import DataDir, Json, as_json, as_table, say, settings

_SHOWN = 5
EPILOG = (
    "Examples: sensor-hub store gaps   ·   sensor-hub store gaps --gateway edge-k3f9 --json"
    "   ·   sensor-hub store gaps --session 01jd…"
)


def gaps(
    gateway: Annotated[str | None, typer.Option("--gateway", help="One gateway; without it, all.")] = None,
    session: Annotated[
        str | None, typer.Option("--session", help="Show what is unknown in this session instead, in time.")
    ] = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Show which numbers were received of each gateway, and which are missing.

    A number that is missing is a message that a gateway made and this store does not have: on its way, still in the
    gateway's outbox, or, where an outbox was put back from a backup, never used. Exit code 1 if any is missing.
    """
    from sensor_hub.app.numbering import audit
    from sensor_hub.app.people import open_archive
    from sensor_hub.errors import StoreError

    if gateway is not None and session is not None:
        raise typer.BadParameter("give --gateway or --session, not both")
    with open_archive(settings(data_dir)) as archive:
        if session is not None:
            _show_session(archive.recorded, session, json)
            return
        found = audit(archive.recorded, gateway)
    if gateway is not None and not found:
        raise StoreError(f"gateway {gateway!r}: nothing was received from it; 'sensor-hub store gaps' lists all")
    if json:
        as_json([
            {"gateway": g.gw, "received": _pairs(g.received), "missing": _pairs(g.missing), "n_received": g.n_received,
             "n_missing": g.n_missing, "last": g.last}
            for g in found
        ])  # fmt: skip
    elif found:
        rows = [[g.gw, str(g.last), str(g.n_received), str(g.n_missing), _text(g.missing)] for g in found]
        as_table("", ["gateway", "last", "received", "missing", "which"], rows)
    else:
        say("Nothing was received from any gateway yet.")
    if any(g.n_missing for g in found):
        raise typer.Exit(1)


def _show_session(store: Any, sid: str, json: bool) -> None:
    from sensor_hub.errors import StoreError
    from sensor_hub.words.gaps import gap_cause

    known = store.session(sid)
    if known is None:
        raise StoreError(f"session {sid!r}: it is not here; 'sensor-hub session list' shows those that are")
    there = [(gap, (gap.end_utc - gap.start_utc).total_seconds()) for gap in store.gaps(sid)]
    if json:
        told = [
            {
                "start": gap.start_utc.isoformat(),
                "seconds": round(length_s, 3),
                "device": gap.device,
                "cause": gap.cause,
            }
            for gap, length_s in there
        ]
        as_json({"session": sid, "ended": known.ended, "coverage": known.totals.coverage, "gaps": told})
        return
    rows = [
        [gap.start_utc.strftime("%Y-%m-%d %H:%M:%S"), f"{length_s:.1f}", gap.device, gap_cause(gap.cause)]
        for gap, length_s in there
    ]
    if rows:
        as_table(f"{sid}: unknown", ["from (UTC)", "seconds", "sensor", "why"], rows)
    else:
        say(f"{sid}: nothing is known to be missing.")


def _pairs(ranges: Sequence[tuple[int, int]]) -> list[list[int]]:
    return [list(ends) for ends in ranges]


def _text(ranges: Sequence[tuple[int, int]]) -> str:
    shown = [str(first) if first == last else f"{first}–{last}" for first, last in ranges[:_SHOWN]]
    return ", ".join(shown) + (f" and {len(ranges) - _SHOWN} more ranges" if len(ranges) > _SHOWN else "")
