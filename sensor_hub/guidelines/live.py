"""What is to be said of headroom while a run goes on: whether its hills are in it."""

from dataclasses import replace
from typing import Final

from sensor_hub.model.load import LoadStatus
from sensor_hub.model.session import SessionSummary

SETTLED_S: Final = 120.0  # ours: a slope is told over 40 m of way, and known once it is of most of the run


def with_hills_said(status: LoadStatus, current: SessionSummary | None) -> LoadStatus:
    """Return a status whose loads say that hills are not counted, where the run in progress has no source of slopes.

    Such a run's band is the wider (``load.uncertainty``), and it is computed again when a file with altitude comes. A
    distance has no slope, and of a treadmill nobody expects one.
    """
    if current is None or current.ended or current.header.ledger != "run" or current.header.surface == "treadmill":
        return status
    totals = current.totals
    if totals.uphill_s is not None or totals.load_eq_km is None or totals.duration_s < SETTLED_S:
        return status
    rooms = (room if room.measure == "distance_m" else replace(room, without_hills=True) for room in status.headroom)
    return replace(status, headroom=tuple(rooms))
