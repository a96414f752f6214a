"""A hub as one asker may see and change it: every read is cut to their rights, every write asks for them anew.

Pages and REST work with these alone, so what a route forgets to ask is refused here.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

from sensor_hub.adapters.web.rights import VERSION_READ_S, Rights
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.diary import ConsentCategory, Said, SayMedicine, SayProfile, SetPolicy, SetRule
from sensor_hub.model.edit import Change, Edit, Entry
from sensor_hub.model.finding import Finding
from sensor_hub.model.gait import StepTable
from sensor_hub.model.guidance import Guidance, WeekPlan
from sensor_hub.model.history import HistoryView, KeptSession
from sensor_hub.model.load import LoadStatus
from sensor_hub.model.ports import (
    AthleteView,
    DiaryView,
    Guide,
    HubView,
    Keeping,
    Outcome,
    SaidOutcome,
    Tile,
)
from sensor_hub.model.rule import RuleSettings
from sensor_hub.model.session import SessionSummary
from sensor_hub.model.timeline import Timeline

_MEDICAL = SayMedicine | SayProfile  # a profile tells of illnesses
_SETTINGS = SetPolicy | SetRule
GRID_S: Final = 1.5  # an open grid asks for everybody all the time, and the hub has cut it already


class SeenHub:
    """A HubView without those whom the asker may not know of, and without the loads they may not see."""

    def __init__(self, view: HubView, rights: Rights) -> None:
        self._view, self._rights = view, rights

    def trouble(self) -> str | None:
        """Why nothing is being taken in."""
        return self._view.trouble()

    def tiles(self) -> list[Tile]:
        """The grid of the asker."""
        return [self._on_grid(tile) for tile in self._view.tiles() if self._rights.knows(tile.athlete.id)]

    def _on_grid(self, tile: Tile) -> Tile:
        account = self._rights.account
        if account is not None and account.role == "runner":  # what they keep from a coach they see themselves
            return self._without_groups(self._view.tile(tile.athlete.id, own=True) or tile)
        return self._cut(tile, GRID_S)

    def tile(self, athlete: str, *, own: bool = False) -> Tile | None:
        """One athlete of the asker's grid; None of somebody they may not know of. own : of a runner always so."""
        account = self._rights.account
        own = own or (account is not None and account.role == "runner")
        found = self._view.tile(athlete, own=own)
        if found is None or not self._rights.knows(found.athlete.id):
            return None
        return self._cut(found, VERSION_READ_S)

    def person(self, athlete: str) -> Athlete | None:
        """Who has a pseudonym now; None of somebody the asker may not know of."""
        found = self._view.person(athlete)
        return found if found is not None and self._rights.knows(found.id) else None

    def news(self, since: int) -> tuple[int, frozenset[str] | None]:
        """What changed, of those whom the asker may know of; that something of others did is no secret."""
        version, names = self._view.news(since)
        return version, None if names is None else frozenset(filter(self._rights.knows, names))

    def listen(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Have ``wake`` called at each change."""
        return self._view.listen(wake)

    def _without_groups(self, tile: Tile) -> Tile:
        """A tile for somebody who may see neither squads nor the roster."""
        return tile if self._rights.may("see-squads", "see-roster") else replace(tile, squads=(), tonight=False)

    def _cut(self, tile: Tile, within_s: float) -> Tile:
        who, rights, tile = tile.athlete.id, self._rights, self._without_groups(tile)
        if is_admin(rights):
            tile = replace(tile, standing=None)
        if not tile.shows_load or rights.may("see-load", athlete=who, within_s=within_s):
            return tile
        return replace(
            tile, state="unknown", cadence_spm=None, contact_time_s=None, totals=None, headroom=(), findings=(),
            bridging=None, held=False, quiet=False, battery_percent=None,
            shows_load=False, contact_balance_left=None, step_utc=None, contact_beside=None, balance_beside=None,
        )  # fmt: skip

    def athlete(self, athlete: str) -> AthleteView | None:
        """One athlete; None of somebody the asker may not know of."""
        found = self._view.athlete(athlete)
        if found is None or not self._rights.knows(found.tile.athlete.id):
            return None
        found = replace(found, tile=self._cut(found.tile, VERSION_READ_S))
        if self._rights.may("see-load", athlete=found.tile.athlete.id):
            return found
        load = LoadStatus(
            found.load.athlete, found.load.zone, found.load.day, None, None, None, None, (), found.load.origin
        )
        return AthleteView(found.tile, found.today, (), (), load, ())

    def sessions(self, athlete: str) -> list[SessionSummary]:
        """Sessions of somebody whose load the asker may see."""
        found = self._view.person(athlete)
        if found is None or not self._rights.may("see-load", athlete=found.id):
            return []
        return self._view.sessions(athlete)

    def session(self, sid: str) -> SessionSummary | None:
        """One session of somebody whose load the asker may see."""
        found = self._view.session(sid)
        return found if found is not None and sees_session(self._view, self._rights, found) else None

    def steps(self, sid: str) -> StepTable:
        """Steps of such a session; empty of any other."""
        return StepTable.empty() if self.session(sid) is None else self._view.steps(sid)

    def pruned(self, sid: str) -> bool:
        """Whether single steps of such a session are no longer kept; False of any other."""
        return self.session(sid) is not None and self._view.pruned(sid)

    def timeline(self, sid: str) -> Timeline | None:
        """Such a session over its time; None of any other."""
        return None if self.session(sid) is None else self._view.timeline(sid)

    def findings(self, *, withdrawn: bool = False) -> list[Finding]:
        """Findings about those whose load the asker may see."""
        found = self._view.findings(withdrawn=withdrawn)
        return [f for f in found if self._rights.may("see-load", athlete=f.athlete)]


def is_admin(rights: Rights) -> bool:
    """Whether it is an admin, who keeps files and reads no diary."""
    return rights.account is not None and rights.account.role == "admin"


def sees_session(view: HubView, rights: Rights, session: SessionSummary) -> bool:
    """Whether the asker may see a session; of a person who was merged into another one it is the other's."""
    who = session.header.athlete
    found = view.person(who)
    return rights.may("see-load", athlete=who if found is None else found.id)


class SeenKeeping:
    """Histories, for one asker."""

    def __init__(self, keeping: Keeping, view: HubView, rights: Rights) -> None:
        self._keeping, self._view, self._rights = keeping, view, rights

    def history(self, athlete: str) -> HistoryView:
        """Return the history of somebody whose load the asker may see."""
        self._rights.demand("see-load", athlete=self._rights.person(athlete).id)
        return self._keeping.history(athlete)

    def kept(self, sid: str) -> KeptSession | None:
        """Return a session of such a person; None of others', as of one that is not there."""
        found = self._keeping.kept(sid)
        return found if found is not None and sees_session(self._view, self._rights, found.summary) else None

    def edit(self, athlete: str, edits: Sequence[Edit], *, by: str) -> Outcome:
        """Make edits of a history that is the asker's to edit, as is that of who is given a session."""
        del by
        self._demand(athlete)
        for edit in edits:
            if isinstance(edit, Change) and edit.athlete is not None:
                self._demand(edit.athlete)
        return self._cut(self._keeping.edit(athlete, edits, by=self._rights.by))

    def undo(self, athlete: str, *, by: str, entry: str | None = None) -> Outcome:
        """Take an edit back, or do it again."""
        del by
        self._demand(athlete)
        return self._cut(self._keeping.undo(athlete, by=self._rights.by, entry=entry))

    def _cut(self, outcome: Outcome) -> Outcome:
        """Leave out what changed for somebody else: whoever gives a session back changes its owner's load."""
        return replace(
            outcome,
            sessions=tuple(s for s in outcome.sessions if sees_session(self._view, self._rights, s.summary)),
            findings=tuple(f for f in outcome.findings if self._rights.may("see-load", athlete=f.athlete)),
        )

    def _demand(self, athlete: str) -> None:
        self._rights.demand("edit-history", athlete=self._rights.person(athlete).id)


class SeenGuide:
    """Diaries and what is said of them, for one asker."""

    def __init__(self, guide: Guide, rights: Rights) -> None:
        self._guide, self._rights = guide, rights

    def guidance(self, athlete: str) -> Guidance:
        """Return what the guidelines say. It rests on pain and on medicines: both must be the asker's to see."""
        self._demand("see-pain", "see-medication", athlete=athlete)
        return self._guide.guidance(athlete)

    def week_plan(self, athlete: str) -> WeekPlan:
        """Return the plan of a week, which rests on the same."""
        self._demand("see-pain", "see-medication", athlete=athlete)
        return self._guide.week_plan(athlete)

    def diary(self, athlete: str) -> DiaryView:
        """Return the lines of the categories that the asker may see."""
        self._demand("see-pain", athlete=athlete)
        view = self._guide.diary(athlete)
        if self._rights.may("see-medication", athlete=self._rights.person(athlete).id):
            return view
        lines = tuple(entry for entry in view.entries if not isinstance(entry.edit, _MEDICAL))
        return replace(view, entries=lines, undone=_undone_of(lines, view.undone))

    def settings(self, athlete: str) -> RuleSettings:
        """Return how the rules are set."""
        self._demand("see-pain", athlete=athlete)
        return self._guide.settings(athlete)

    def consents(self, athlete: str) -> frozenset[ConsentCategory]:
        """Return what the coach may see."""
        self._demand("see-pain", athlete=athlete)
        return self._guide.consents(athlete)

    def say(self, athlete: str, said: Sequence[Said], *, by: str) -> SaidOutcome:
        """Write lines into the asker's diary; what sets a rule needs that right."""
        del by
        if any(not isinstance(line, _SETTINGS) for line in said) or not said:
            self._demand("write-diary", athlete=athlete)
        if any(isinstance(line, _SETTINGS) for line in said):
            self._demand("set-rules", athlete=athlete)
        return self._guide.say(athlete, said, by=self._rights.by)

    def take_back(self, athlete: str, *, by: str, entry: str | None = None) -> SaidOutcome:
        """Take a line back, or say it again."""
        del by
        self._demand("write-diary", athlete=athlete)
        return self._guide.take_back(athlete, by=self._rights.by, entry=entry)

    def _demand(self, *actions: object, athlete: str) -> None:
        self._rights.demand(*actions, athlete=self._rights.person(athlete).id)  # type: ignore[arg-type]


def _undone_of(lines: Iterable[Entry], undone: frozenset[str]) -> frozenset[str]:
    return undone & {entry.id for entry in lines}
