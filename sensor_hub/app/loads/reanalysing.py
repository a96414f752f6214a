"""``data reanalyse``: stored sessions with today's model. It changes history: it is asked for, shown and written down.

Sessions are replaced one after the other, each whole or not at all, whoever has computed them. Killed in between, the
next call goes on with those that are left, and judges everybody it was asked about again. A hub may run beside it: it
sees the new totals as it sees an import's.
"""

import logging
import math
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from sensor_hub.app.ingest import Ingest
from sensor_hub.app.loads.reanalysed import LOG_NAME, append, entry_of, said
from sensor_hub.app.loads.recomputing import Recomputed, Recomputing, Way, WhichReference, version_of
from sensor_hub.app.loads.spreading import Answer, Workers, in_order
from sensor_hub.app.people import Archive
from sensor_hub.app.place import Place
from sensor_hub.errors import StoreError, WorkerError
from sensor_hub.guidelines.evaluate import REACH, local_day
from sensor_hub.load.achilles import VERSION
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.session import SessionSummary

_LOG: Final = logging.getLogger(__name__)
Result: TypeAlias = Literal["changed", "unchanged", "left", "failed"]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which sessions: of one athlete, from a local day on, one by its id; ``every`` also those of today's model."""

    athlete: str | None = None
    since: date | None = None
    sid: str | None = None
    every: bool = False
    reference: WhichReference = "kept"


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one session, or would become of it. after : None where it stays as it is."""

    before: SessionSummary
    result: Result
    way: Way
    after: SessionSummary | None = None
    notes: tuple[str, ...] = ()

    def answer(self) -> dict[str, Any]:
        """Return it as JSON values."""
        header = self.before.header
        return {
            "sid": header.sid,
            "athlete": header.athlete,
            "start_utc": self.before.start_utc.isoformat(),
            "result": self.result,
            "way": self.way,
            "before": said(self.before),
            "after": None if self.after is None else said(self.after),
            "notes": list(self.notes),
        }


class Reanalysis:
    """Sessions that were chosen, and what is done with them.

    ``n_asked_about`` counts also those of today's model, which are left out of ``sessions`` unless asked for.

    Raises
    ------
    RegistryError
        If the athlete is not known.
    StoreError
        If the session is not here, or the store cannot be read.
    ConfigError
        From ``run``, if another one works on this folder.
    WorkerError
        From ``run``, if all workers are gone.
    """

    def __init__(self, archive: Archive, place: Place, choice: Choice, workers: Workers | None = None) -> None:
        """``workers`` compute, None for this process; what is written is written here, in order."""
        self._archive, self._place, self._choice, self._workers = archive, place, choice, workers
        self._ingest: Ingest = archive.ingest
        self._asked_about = _chosen(archive, choice)
        self.sessions = [s for s in self._asked_about if choice.every or is_older(s)]
        self.n_asked_about = len(self._asked_about)
        self._n_sent: dict[str, int] = {}  # by session, how many stored steps were sent away

    @property
    def log(self) -> Path:
        """File that says what was changed, and when."""
        return self._place.root / LOG_NAME

    def run(self, *, dry_run: bool = False) -> Iterator[Line]:
        """Do one session after the other and tell each; ``dry_run`` changes nothing."""
        archive = self._archive
        with nullcontext() if dry_run else self._place.lock_for_reanalysing():
            recomputing = Recomputing(
                archive.recorded,
                archive.registry,
                self._place.recordings,
                own_profiles=archive.own_profiles,
                reference=self._choice.reference,
            )
            for session, answer in in_order(self.sessions, lambda s: self._begin(recomputing, s), self._n_ahead):
                yield self._line(recomputing, session, answer, dry_run=dry_run)
            if not dry_run:
                self._judge()

    def _n_ahead(self) -> int:
        return 1 if self._workers is None else self._workers.n_ahead

    def _begin(self, recomputing: Recomputing, session: SessionSummary) -> Answer:
        now = self._archive.recorded.session(session.header.sid) or session
        if self._workers is None:
            return lambda: recomputing.recompute(now)
        try:
            told = recomputing.material(now)
            self._n_sent[session.header.sid] = len(told.stored)
            return self._workers.begin(told)
        except (ArithmeticError, LookupError, ValueError) as error:
            return partial(_raise, error)

    def _line(self, recomputing: Recomputing, session: SessionSummary, answer: Answer, *, dry_run: bool) -> Line:
        sid = session.header.sid
        try:
            found = answer()
            if self._workers is not None:
                now = self._archive.recorded.session(sid)
                if now is None:  # whoever was erased meanwhile must not come back
                    return Line(session, "left", "left", notes=("it is no longer here",))
                # so was it sent away, and so it is not any more; steps may come late, and leave its totals as they are
                n_sent = self._n_sent.pop(sid, None)
                is_stale = found.way == "steps" and len(self._archive.recorded.steps(sid)) != n_sent
                if now != found.before or is_stale:
                    found = recomputing.recompute(now)
        except WorkerError as error:
            if error.is_over:
                raise
            return Line(session, "failed", "left", notes=(str(error),))
        except (ArithmeticError, LookupError, OSError, ValueError) as error:
            # Composition root: one session that we read wrongly, or had no room for, must not keep the others old.
            _LOG.exception("session %s could not be recomputed", sid)
            return Line(session, "failed", "left", notes=(f"{type(error).__name__}: {error}",))
        result = _result(found)
        if result == "changed" and not dry_run:
            self._replace(found)
        return Line(found.before, result, found.way, found.after, found.notes)

    def _replace(self, found: Recomputed) -> None:
        """Write down what is going to be changed, then change it: after a kill it may be there twice, never missing."""
        after, steps = found.after, found.steps
        if after is None or steps is None:
            return
        append(self.log, entry_of(found.before, after, found.way))
        self._archive.recorded.replace_session(after, steps, found.gaps)

    def _judge(self) -> None:
        """Judge everybody over the days that were asked about, also those an earlier call has changed."""
        days: dict[str, list[date]] = {}
        people: dict[str, Athlete] = {}
        for session in self._asked_about:
            for athlete in self._ingest.owners(session.header):
                people[athlete.id] = athlete
                days.setdefault(athlete.id, []).append(local_day(session.start_utc, athlete.zone))
        for athlete in people.values():
            first, last = min(days[athlete.id]), max(days[athlete.id])
            self._ingest.judge(athlete, first, reach=last - first + REACH, notify=False)


def is_older(session: SessionSummary) -> bool:
    """Whether a session was computed by a model before today's."""
    return version_of(session.header.model) < version_of(VERSION)


def sums(lines: Sequence[Line]) -> dict[str, tuple[float, float]]:
    """Return eq-km and hard load before and after, each summed over those sessions in which both are known."""
    found = {}
    for name in ("load_eq_km", "hard_load_bw_s"):
        pairs = [
            (getattr(line.before.totals, name), getattr((line.after or line.before).totals, name)) for line in lines
        ]
        known = [(one, other) for one, other in pairs if one is not None and other is not None]
        found[name] = math.fsum(one for one, _ in known), math.fsum(other for _, other in known)
    return found


def _chosen(archive: Archive, choice: Choice) -> list[SessionSummary]:
    """Sessions that were asked about, oldest first, whatever their model."""
    if choice.sid is not None:
        found = archive.recorded.session(choice.sid)
        if found is None:
            raise StoreError(f"no session {choice.sid!r} here (sensor-hub session list shows them)")
        sessions = [found]
        whose = archive.athlete(choice.athlete).id if choice.athlete is not None else found.header.athlete
        if whose != found.header.athlete:
            raise StoreError(f"session {choice.sid} is not of {choice.athlete}")
    else:
        people = archive.registry.athletes() if choice.athlete is None else [archive.athlete(choice.athlete)]
        sessions = [session for person in people for session in archive.recorded.sessions(person.id)]
    if choice.since is not None:
        zones = {s.header.athlete: archive.ingest.athlete(s.header).zone for s in sessions}
        sessions = [s for s in sessions if local_day(s.start_utc, zones[s.header.athlete]) >= choice.since]
    return sorted(sessions, key=lambda s: (s.start_utc, s.header.sid))


def _raise(error: Exception) -> Recomputed:
    raise error


def _result(found: Recomputed) -> Result:
    if found.way == "left":
        return "left"
    return "unchanged" if found.is_same else "changed"


__all__ = ["Choice", "Line", "Reanalysis", "is_older", "sums"]
