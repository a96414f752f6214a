"""What of a tile stands still between two commits: everything but the newest step's own numbers."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sensor_hub.app.attention import tile_state
from sensor_hub.app.guiding.coach_view import ForTheCoach
from sensor_hub.app.guiding.guide import Guiding
from sensor_hub.app.guiding.held import held_back
from sensor_hub.app.showing.heard import Heard, HeardNow
from sensor_hub.app.showing.histories import Histories, Known
from sensor_hub.guidelines.evaluate import local_day, standing
from sensor_hub.guidelines.live import with_hills_said
from sensor_hub.load.usual import BalanceBeside, ContactBeside, balance_beside, contact_beside, usual_of
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.load import LoadStatus
from sensor_hub.model.ports import TileState
from sensor_hub.model.session import SessionSummary


@dataclass(frozen=True, slots=True)
class Still:
    """What was made of an athlete's history, of the run in progress as far as it is in the store, and of the diary.

    current : the run in progress, or today's newest. held : the guidelines hold the headroom back. shown : what the
    coach may be shown. contact_beside, balance_beside : of a run in progress, beside the runner's own.
    """

    athlete: Athlete
    known: Known
    current: SessionSummary | None
    running: bool
    held: bool
    shown: ForTheCoach
    load: LoadStatus
    findings: tuple[Finding, ...]
    state: TileState
    contact_beside: ContactBeside | None = None
    balance_beside: BalanceBeside | None = None


class Stills:
    """Makes them, and keeps the newest of each athlete while nothing it is made of is another. Safe from any thread."""

    def __init__(
        self, heard: Heard, histories: Histories, guide: Guiding | None, clock: Callable[[], datetime]
    ) -> None:
        self._heard, self._histories, self._guide, self._clock = heard, histories, guide, clock
        self._kept: dict[str, Still] = {}

    def of(self, athlete: Athlete, heard: HeardNow | None = None) -> Still:
        """Return an athlete's; StoreError or RegistryError if it cannot be read."""
        heard = self._heard.of(athlete.id) if heard is None else heard
        now_utc = heard.now_utc() or self._clock()
        known = self._histories.of(athlete, now_utc)
        held, shown = self._decided(athlete, now_utc)
        current = current_of(athlete, known, heard, now_utc)
        running = current is not None and not current.ended and heard.age_s is not None
        kept = self._kept.get(athlete.id)
        if (
            kept is not None
            and kept.known is known
            and kept.current is current
            and (kept.running, kept.held, kept.shown, kept.athlete) == (running, held, shown, athlete)
        ):
            return kept
        made = self._made(athlete, known, current, now_utc, running=running, held=held, shown=shown)
        self._kept[athlete.id] = made
        return made

    def forget(self, athlete: str) -> None:
        """Let go of somebody."""
        self._kept.pop(athlete, None)

    def _decided(self, athlete: Athlete, now_utc: datetime) -> tuple[bool, ForTheCoach]:
        if self._guide is None:
            return False, ForTheCoach()
        verdict = self._guide.verdict(athlete, now_utc)
        held = verdict is not None and verdict.hold_headroom is not None
        return held, self._guide.for_the_coach(athlete, now_utc)

    @staticmethod
    def _made(
        athlete: Athlete,
        known: Known,
        current: SessionSummary | None,
        now_utc: datetime,
        *,
        running: bool,
        held: bool,
        shown: ForTheCoach,
    ) -> Still:
        sid = None if current is None else current.header.sid
        status = standing(athlete, known.sessions, now_utc, sid, days=known.days, settings=known.settings).status
        status = with_hills_said(status, current)
        load = held_back(status) if held else status
        scopes = _told_of(athlete, current, known)
        findings = tuple(f for f in known.findings if f.scope in scopes and not f.withdrawn)
        state = tile_state(current, load.headroom, findings, running=running)
        still = Still(athlete, known, current, running, held, shown, load, findings, state)
        if current is None or not running:
            return still
        usual, totals = usual_of(current, known.sessions), current.totals
        return replace(
            still, contact_beside=contact_beside(totals, usual), balance_beside=balance_beside(totals, usual)
        )


def current_of(athlete: Athlete, known: Known, heard: HeardNow, now_utc: datetime) -> SessionSummary | None:
    """Return the run in progress, whatever day it began on, else today's newest; a walk or an exercise hides no run."""
    runs = [s for s in known.sessions if s.header.ledger == "run"]
    if not runs:
        return None
    newest = runs[-1].header.sid
    running = [s for s in runs if not s.ended and (s.header.sid in heard.live or s.header.sid == newest)]
    if running and heard.age_s is not None:
        return running[-1]
    today = local_day(now_utc, athlete.zone)
    for run in reversed(runs):
        if (day := local_day(run.start_utc, athlete.zone)) <= today:
            return run if day == today else None
    return None


def _told_of(athlete: Athlete, current: SessionSummary | None, known: Known) -> set[str]:
    """Whose findings a tile tells: the run's; of a day that ends with a run without a load also the other runs'."""
    if current is None:
        return set()
    told = [current]
    if current.ended and current.totals.load_eq_km is None:
        day = local_day(current.start_utc, athlete.zone)
        told += [s for s in known.sessions if local_day(s.start_utc, athlete.zone) == day]
    return {f"session:{s.header.sid}" for s in told}
