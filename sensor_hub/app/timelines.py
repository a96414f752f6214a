"""Sessions over their time, from whatever the store still has of them; made once while nothing of a session changes."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sensor_hub.load.achilles import AchillesModel
from sensor_hub.load.over_time import Expressed, over_minutes, over_time, unseen_of
from sensor_hub.load.reference import REFERENCE_ID
from sensor_hub.model.load import LoadReference
from sensor_hub.model.ports import Store
from sensor_hub.model.session import SessionHeader, SessionSummary
from sensor_hub.model.timeline import Timeline, without_loads

KEPT: Final = 64  # some 80 KB each
LIVE_S: Final = 1.0  # how long one of a run in progress is believed, however many look at it
ReferenceOf = Callable[[SessionHeader], LoadReference | None]


@dataclass(frozen=True, slots=True)
class _Made:
    summary: SessionSummary
    version: object
    made_s: float
    timeline: Timeline | None


class Timelines:
    """Safe from any thread. reference : of a session's header, None where its name is not known here."""

    def __init__(self, store: Store, reference: ReferenceOf = lambda _header: None) -> None:
        self._store, self._reference = store, reference
        self._lock = threading.Lock()
        self._made: OrderedDict[str, _Made] = OrderedDict()
        self._n_forgotten = 0

    def of(self, sid: str, version: Callable[[str], object]) -> Timeline | None:
        """Return a session over its time; None where there is none, or nothing of it was run step by step.

        version : something that is another one after each commit that may have changed an athlete's sessions. Edits
        change the summary, or which session it is.
        """
        summary = self._store.session(sid)
        if summary is None:
            with self._lock:
                self._made.pop(sid, None)
            return None
        now = version(summary.header.athlete), self._store.pruned(sid)
        with self._lock:
            known, n_forgotten = self._made.get(sid), self._n_forgotten
            if known is not None and _still_holds(known, summary, now):
                self._made.move_to_end(sid)
                return known.timeline
        made = _Made(summary, now, time.monotonic(), self._make(summary))
        with self._lock:
            if n_forgotten != self._n_forgotten:  # somebody was erased while it was made, and it may be theirs
                return made.timeline
            self._made[sid] = made
            self._made.move_to_end(sid)
            while len(self._made) > KEPT:
                self._made.popitem(last=False)
        return made.timeline

    def forget(self) -> None:
        """Let go of everything: somebody was erased."""
        with self._lock:
            self._n_forgotten += 1
            self._made.clear()

    def _make(self, summary: SessionSummary) -> Timeline | None:
        sid = summary.header.sid
        unseen = unseen_of(self._store.gaps(sid), self._store.pauses(sid), summary.start_utc)
        expressed = self._expressed(summary)
        steps = self._store.steps(sid)
        if not len(steps) and self._store.pruned(sid):
            found = over_minutes(self._store.minutes(sid), summary, expressed, unseen)
        else:
            found = over_time(steps, summary, expressed, unseen)
        has_load = summary.totals.load_eq_km is not None
        return found if found is None or has_load else without_loads(found)

    def _expressed(self, summary: SessionSummary) -> Expressed:
        """Say what the session's own totals are expressed in, whatever is known of its reference here."""
        header, totals = summary.header, summary.totals
        reference = self._reference(header)
        model = AchillesModel(reference)
        is_known = reference is not None or header.reference == REFERENCE_ID
        hard_line_bw = model.hard_line_bw if is_known else None
        if totals.load_bw_s and totals.load_eq_km:  # a program that is older says the first of them not
            return Expressed(totals.load_bw_s / totals.load_eq_km, hard_line_bw)
        return Expressed(model.eq_km_bw_s, hard_line_bw)


def _still_holds(known: _Made, summary: SessionSummary, version: object) -> bool:
    if not summary.ended and not known.summary.ended and time.monotonic() - known.made_s < LIVE_S:
        return known.summary.header == summary.header
    return known.version == version and known.summary == summary
