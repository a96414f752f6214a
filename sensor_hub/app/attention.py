"""What on a tile and a page deserves a look, and in which order."""

from datetime import date
from typing import Final

from sensor_hub.model.finding import Finding
from sensor_hub.model.load import Headroom
from sensor_hub.model.ports import Tile, TileState
from sensor_hub.model.session import SessionSummary

UNSEEN: Final = frozenset({"low-coverage", "unknown-run", "not-recorded"})  # why what is left may be less than nothing


def weight(finding: Finding) -> tuple[bool, bool, str]:
    """Alerts first, then what is said of a run, then of a week; the newest order is kept within."""
    return finding.severity != "alert", not finding.scope.startswith("session:"), finding.measure


def matters(finding: Finding, tile: Tile, monday: date) -> bool:
    """What is near a limit matters while it can still be passed; what passed one stays on the page."""
    is_now = finding in tile.findings or finding.scope == f"week:{monday.isoformat()}"
    return is_now or finding.level != "near"


def tile_state(
    current: SessionSummary | None, headroom: tuple[Headroom, ...], findings: tuple[Finding, ...], *, running: bool
) -> TileState:
    """Say how an athlete is, from what was found of their session and what is left of the limits."""
    if current is None:
        return "idle"
    if any(f.severity == "alert" for f in findings):
        return "alert"
    if any(f.rule == "session-limit" for f in findings):
        return "near"
    unseen = any(h.reason in UNSEEN and h.limit is not None for h in headroom)
    if unseen or all(h.left is None for h in headroom):
        return "unknown"  # what was not recorded may be above a limit
    return "ok" if running else "idle"
