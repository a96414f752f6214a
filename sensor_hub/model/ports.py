"""What the composition root plugs together: the contracts of stores and of the hub's read side."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol, TypeAlias

from sensor_hub.model.access import Account, Asker, Role
from sensor_hub.model.athlete import Athlete, Shoe
from sensor_hub.model.diary import ConsentCategory, Said
from sensor_hub.model.edit import Edit, Entry
from sensor_hub.model.finding import Finding
from sensor_hub.model.gait import Side, StepTable
from sensor_hub.model.guidance import Guidance, WeekPlan
from sensor_hub.model.history import HistoryView, KeptSession
from sensor_hub.model.load import Headroom, InstrumentChange, LoadStatus, Totals
from sensor_hub.model.message import DeadLetter, Envelope
from sensor_hub.model.minutes import MinuteTable
from sensor_hub.model.moving import Whole
from sensor_hub.model.ratio import LoadRatio
from sensor_hub.model.roster import PastLine, RosterQuestion, RosterView, Wish
from sensor_hub.model.rule import RowView, RuleSettings, RuleView
from sensor_hub.model.session import GapFound, SessionPaused, SessionSummary


class Store(Protocol):
    """A time-series store. Every method may be called from any thread; every one raises StoreError only.

    ``commit`` is atomic and idempotent: when it returns, everything is on disk; the same envelope again changes
    nothing. Messages may come late and out of order; running totals never go backwards.
    """

    def commit(self, envelopes: Sequence[Envelope], dead: Sequence[DeadLetter] = ()) -> None:
        """Keep events and dead letters durably, and mark their (gw, seq) as received."""
        ...

    def received(self, gw: str) -> list[tuple[int, int]]:
        """Return closed ranges of sequence numbers received from a gateway, ascending."""
        ...

    def sessions(self, athlete: str, since_utc: datetime | None = None) -> list[SessionSummary]:
        """Sessions of an athlete, oldest first, by start; one that still runs has ended=False."""
        ...

    def session(self, sid: str) -> SessionSummary | None:
        """One session, or None."""
        ...

    def steps(self, sid: str) -> StepTable:
        """Steps of a session in time order; empty if there are none."""
        ...

    def gaps(self, sid: str) -> list[GapFound]:
        """Gaps of a session in time order."""
        ...

    def pauses(self, sid: str) -> list[SessionPaused]:
        """Pauses of a session in time order, with its header; empty if it is not here."""
        ...

    def marks(self, sid: str) -> list[tuple[str, int, int]]:
        """Return (gw, first, last) of gateways that are this one session's own: import-SID…, exercise-SID.

        The gateway of an imported recording of ours is named by a hash of the file and is not among them.
        """
        ...

    def replace_session(self, summary: SessionSummary, steps: StepTable, gaps: Sequence[GapFound]) -> None:
        """Put a session's recomputed rows and totals in place of what is stored; StoreError if it has not ended.

        Sid, athlete and origin stay as they are, and so do the numbers received from its gateway. Messages of another
        model, reference or instrument that come late, or again, change nothing of it from then on. Of one whose steps
        were let go of, steps bring them back, and a table without rows leaves its minutes as they are.
        """
        ...

    def save_finding(self, finding: Finding) -> None:
        """Insert or replace by ``finding.key``."""
        ...

    def findings(self, athlete: str | None = None) -> list[Finding]:
        """All findings, newest ``updated_utc`` first."""
        ...

    def dead_letters(self) -> list[DeadLetter]:
        """All dead letters, oldest first."""
        ...

    def reassign(self, old_athlete: str, new_athlete: str) -> None:
        """Give every session, step and finding of one athlete to another (after a merge in the registry)."""
        ...

    def restore(
        self,
        summary: SessionSummary,
        steps: StepTable,
        gaps: Sequence[GapFound],
        pauses: Sequence[SessionPaused],
        received: Sequence[tuple[str, int, int]] = (),
        minutes: MinuteTable | None = None,
    ) -> None:
        """Put a whole session in place of whatever is stored under its sid, and mark ranges (gw, first, last) received.

        StoreError if its sid is another athlete's. The same again changes nothing. Of one that has ended, messages of
        another model, reference or instrument change nothing from then on, as after ``replace_session``.
        minutes : of a session whose steps were let go of, which it then is here too; None of any other.
        """
        ...

    def hand_over(self, sid: str, new_athlete: str) -> None:
        """Give one session, with its steps, gaps, pauses and failures to decode, to another athlete."""
        ...

    def erase(self, athlete: str, sids: Sequence[str] = ()) -> int:
        """Delete everything that is a person's or names them or a session; return the number of rows.

        That is all of their pseudonym and of those it was merged from, of their sessions and of ``sids`` whosesoever
        they are, in every table; dead letters, marks of single sessions, and warnings of other people's sessions that
        name them. Stopped in between, it is to be called again. A file keeps no byte of it.
        """
        ...

    def athletes(self) -> list[str]:
        """Pseudonyms that a session is stored of, ascending."""
        ...

    def gateways(self) -> list[str]:
        """Gateways that something was received from, ascending; with ``received`` that is the audit of gaps."""
        ...

    def minutes(self, sid: str) -> MinuteTable:
        """A session's minutes: of its steps as they stand, and of one whose steps were let go of as they stood."""
        ...

    def tidy(self) -> int:
        """Do some of the housekeeping that is due, within about a second; return how many sessions it was for.

        Sessions that have ended are put into their final form: sealed, their minutes kept. What comes late of one
        undoes that, and the next call does it again. No reader can tell the difference. Safe to be killed in.
        """
        ...

    def prune(self, before_utc: datetime, keep: Collection[str] = ()) -> int:
        """Let go of the single steps of sessions that ended before a moment; return how many sessions that was for.

        Their minutes, sums, gaps and marks stay. Steps of theirs that come late go too and change no minutes.
        keep : sids whose steps stay. A session without a step has none to let go of.
        """
        ...

    def pruned(self, sid: str) -> bool:
        """Whether a session's single steps were let go of: then none are here, and that is no zero."""
        ...

    def texts(self) -> list[tuple[str, str | bytes]]:
        """Return (table, text) of every text that is stored, for a search of what is left of somebody.

        Of each table, also one without a row, there is an empty text: so it can be told what was searched.
        """
        ...

    def close(self) -> None:
        """Release files and connections; safe to call twice."""
        ...


class Movable(Store, Protocol):
    """A store whose things can be put into another one: session by session, and what is none of a session."""

    def sids(self) -> list[str]:
        """Every session that anything is stored of, ascending."""
        ...

    def whole(self, sid: str) -> Whole:
        """Everything that is stored of one session; an empty one if nothing is."""
        ...

    def put_whole(self, whole: Whole) -> None:
        """Put a session, just as it is given, in place of whatever is stored of it; the same again changes nothing.

        StoreError if the store can hold no such id.
        """
        ...

    def reassigned(self) -> dict[str, str]:
        """Return the new pseudonym of each that was given to another."""
        ...

    def put_rest(self, findings: Sequence[Finding], merged: Mapping[str, str]) -> None:
        """Put findings, each in place of the one of its key, and what was given to whom."""
        ...

    def mark_received(self, gw: str, marked: Sequence[tuple[int, int]]) -> None:
        """Mark closed ranges of a gateway's numbers as received."""
        ...


TileState: TypeAlias = Literal["alert", "near", "ok", "unknown", "idle"]


@dataclass(frozen=True, slots=True)
class Tile:
    """One athlete on the coach's grid.

    state : "alert" above a limit, "near" from 90 % of it, "ok" below, "unknown" not judged (learning, low coverage,
        no source), "idle" no session in progress.
    cadence_spm, contact_time_s : newest live values, None if unknown.
    age_s : wall seconds since the newest message, None if there never was one.
    headroom : per measure, of the session in progress or of today.
    bridging : the change of the sensor or model that loads are still learned after; None without one.
    held : the guidelines hold the headroom back, as its reason says too; not why. standing : what decides
        (``Verdict.standing``), of somebody who lets their coach see what it comes of; None of everybody else.
    shows_load : False on the grid of somebody who does not let their coach see what was run.
    """

    athlete: Athlete
    state: TileState
    cadence_spm: float | None
    contact_time_s: float | None
    totals: Totals | None
    headroom: tuple[Headroom, ...]
    age_s: float | None
    tier: str | None
    origin: str | None
    findings: tuple[Finding, ...]
    bridging: InstrumentChange | None = None
    held: bool = False
    standing: str | None = None
    shows_load: bool = True


@dataclass(frozen=True, slots=True)
class WeekBar:
    """One week of an athlete.

    Sums are None where nothing is known; ``lower_bound`` if some session's coverage is below 0.8, or somebody ran on a
    day without a record.
    instruments : what the week's loads were measured with, in the order of its runs. reason : why its load is unknown
    although its runs' are known: "mixed-instruments"; "unknown-run" or "not-recorded" as in ``LoadSums``.
    """

    monday: date
    distance_m: float | None
    load_eq_km: float | None
    n_sessions: int
    lower_bound: bool
    limit_distance_m: float | None
    limit_load_eq_km: float | None
    instruments: tuple[str, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class DaySession:
    """One session as the athlete page draws it: local day, and that day's session limits (None: no history).

    A limit on load holds for the session's own instrument and model, told in eq-km of its reference; one on hard load
    for that reference's hard line alone. bridging : that way of measuring had been used for fewer than 14 days, so
    its load limit is not judged.
    """

    sid: str
    day: date
    distance_m: float | None
    load_eq_km: float | None
    coverage: float | None
    limit_distance_m: float | None
    limit_load_eq_km: float | None
    origin: str
    ended: bool
    load_eq_km_sd: float | None = None
    hard_load_bw_s: float | None = None
    hard_load_sd: float | None = None
    limit_hard_load_bw_s: float | None = None
    instrument: str = ""
    bridging: bool = False


@dataclass(frozen=True, slots=True)
class AthleteView:
    """Everything the athlete page shows.

    changes : when the load was measured another way than before, oldest first; a chart marks where bridging begins.
    ratios : of a week's load over four weeks'; shown only.
    """

    tile: Tile
    today: date
    weeks: tuple[WeekBar, ...]
    days: tuple[DaySession, ...]
    load: LoadStatus
    findings: tuple[Finding, ...]
    changes: tuple[InstrumentChange, ...] = ()
    ratios: tuple[LoadRatio, ...] = ()


class HubView(Protocol):
    """The read side of a hub, for pages and REST; cheap enough to call a few times a second."""

    def tiles(self) -> list[Tile]:
        """Every athlete, those who need attention first."""
        ...

    def athlete(self, athlete: str) -> AthleteView | None:
        """One athlete, or None if the registry does not know them."""
        ...

    def sessions(self, athlete: str) -> list[SessionSummary]:
        """Sessions of an athlete, newest first."""
        ...

    def session(self, sid: str) -> SessionSummary | None:
        """One session, or None."""
        ...

    def steps(self, sid: str) -> StepTable:
        """Steps of a session in time order."""
        ...

    def pruned(self, sid: str) -> bool:
        """Whether a session's single steps are no longer kept: then there are no rows, and that is no zero."""
        ...

    def findings(self) -> list[Finding]:
        """All findings, newest first."""
        ...

    def trouble(self) -> str | None:
        """Why nothing is being taken in, for a person; None if all is well."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an edit did.

    entries : as they stand in the journal. sessions : those it concerns, as they are now. findings : those that are new
    or changed, and those that no longer hold, withdrawn.
    """

    entries: tuple[Entry, ...]
    sessions: tuple[KeptSession, ...]
    findings: tuple[Finding, ...]


class Keeping(Protocol):
    """The write side of a history: for the command line, pages and REST alike.

    Every method that changes something is audited, judges what it can reach, and raises EditError, saying why, where it
    cannot be; then nothing has changed. athlete : pseudonym or name.
    """

    def history(self, athlete: str) -> HistoryView:
        """An athlete's history with its edits; RegistryError if nobody knows them."""
        ...

    def kept(self, sid: str) -> KeptSession | None:
        """One session as it stands, or None."""
        ...

    def edit(self, athlete: str, edits: Sequence[Edit], *, by: str) -> Outcome:
        """Make edits, all or none of them."""
        ...

    def undo(self, athlete: str, *, by: str, entry: str | None = None) -> Outcome:
        """Take back an entry, or all that one call said last and is in force; of one that is undone, do it again."""
        ...


@dataclass(frozen=True, slots=True)
class DiaryView:
    """A diary as it stands: all its lines, newest first, and the ids of those that were taken back."""

    entries: tuple[Entry, ...]
    undone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SaidOutcome:
    """What a line of the diary did: the entries, what the guidelines say now, and findings that changed with it."""

    entries: tuple[Entry, ...]
    guidance: Guidance
    findings: tuple[Finding, ...] = ()


class Guide(Protocol):
    """Diary and guidelines of people, read and written: for the command line, pages and REST alike.

    athlete : pseudonym or name; RegistryError if nobody knows them. What changes something is audited and raises
    EditError, saying why, where it cannot be; then nothing has changed.
    """

    def guidance(self, athlete: str) -> Guidance:
        """Everything the guidelines say now."""
        ...

    def week_plan(self, athlete: str) -> WeekPlan:
        """What today and this week leave, and a next week that keeps every rule."""
        ...

    def diary(self, athlete: str) -> DiaryView:
        """Every line of the diary."""
        ...

    def settings(self, athlete: str) -> RuleSettings:
        """What the athlete has set of the rules."""
        ...

    def consents(self, athlete: str) -> frozenset[ConsentCategory]:
        """What the coach may see."""
        ...

    def say(self, athlete: str, said: Sequence[Said], *, by: str) -> SaidOutcome:
        """Write lines of the diary, all or none of them."""
        ...

    def take_back(self, athlete: str, *, by: str, entry: str | None = None) -> SaidOutcome:
        """Take back a line, or all that one call said last and is in force; of one that is undone, say it again."""
        ...


class RuleBook(Protocol):
    """Which rules there are and what became of each row of the source texts; reads nothing but the program itself."""

    def rows(self) -> tuple[RowView, ...]:
        """Every row, in the texts' order."""
        ...

    def rules(self, settings: RuleSettings) -> tuple[RuleView, ...]:
        """Every rule, as it is set."""
        ...


@dataclass(frozen=True, slots=True)
class FilesTaken:
    """What an import of a file or an archive came to.

    counts : files by what became of each: "taken", "there already", "doubled", "no activity", "not a recording",
    "refused". notes : a sentence each for a person, such as why a file was refused.
    """

    counts: Mapping[str, int]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ErasureReceipt:
    """What an erasure came to.

    complete : nothing of the person was found by the search afterwards. lines : for a person, what was erased and
    searched, and what is out of reach. body : the whole receipt, as JSON.
    """

    complete: bool
    lines: tuple[str, ...]
    body: Mapping[str, object]


class PersonData(Protocol):
    """A person's files, things and rights, for pages and REST. Every method may take long and runs in any thread.

    Each raises a SensorHubError with a sentence for a person; then nothing has changed.
    """

    def import_file(self, athlete: str, path: str, name: str, progress: Callable[[int, int], None]) -> FilesTaken:
        """Import a file or zip that was uploaded under a name; progress is told files done and files in all."""
        ...

    def export(self, athlete: str, out: str) -> None:
        """Write everything kept of an athlete into a zip that is not there yet."""
        ...

    def erase(self, athlete: str) -> ErasureReceipt:
        """Erase everything kept of an athlete, and search for what is left."""
        ...

    def backup(self, out: str) -> None:
        """Write everything this hub keeps into a file that is not there yet."""
        ...

    def shoes(self, athlete: str) -> list[Shoe]:
        """Pairs of an athlete, also retired ones."""
        ...

    def add_shoe(self, athlete: str, name: str, *, drop_mm: float | None, start_distance_m: float) -> Shoe:
        """Add a pair. drop_mm : None is unknown. start_distance_m : run in it before it came here."""
        ...

    def change_shoe(
        self, shoe: str, *, name: str, drop_mm: float | None, start_distance_m: float, retired: bool
    ) -> Shoe:
        """Put a pair right, retire it or bring it back."""
        ...


class Roster(Protocol):
    """Whose a pod is for one evening: for the command line, pages and REST alike.

    A device or an athlete is named by id or name. ``until_utc`` None is 04:00 tomorrow morning in this machine's zone.
    What cannot be raises RegistryError, saying why, and what has to be agreed to raises it unless ``agreed``;
    ``questions`` tells it before. Then nothing has changed. A run that goes on while the roster changes stays with whom
    it began for.
    """

    def tonight(self) -> RosterView:
        """Every paired sensor, and whose it is now."""
        ...

    def past(self, since_utc: datetime | None = None) -> list[PastLine]:
        """Whose each pod was, and when, oldest first; lines that hold still are among them."""
        ...

    def questions(self, wishes: Sequence[Wish], until_utc: datetime | None = None) -> list[RosterQuestion]:
        """Return what has to be agreed to before these wishes hold till then; RegistryError if they cannot be."""
        ...

    def set(self, wishes: Sequence[Wish], until_utc: datetime | None = None, *, agreed: bool = False) -> RosterView:
        """Give pods to people, all or none of them; pods that are not named stay as they are."""
        ...

    def bind(
        self,
        device: str,
        athlete: str,
        side: Side | None = None,
        until_utc: datetime | None = None,
        *,
        agreed: bool = False,
    ) -> RosterView:
        """Give one pod to somebody, as in ``set``."""
        ...

    def clear(self, device: str | None = None) -> RosterView:
        """End the line of one pod, or of all, now; the permanent binding holds again."""
        ...

    def swap(self, one: str, other: str) -> RosterView:
        """Let two pods change people and places, for what comes; one of them may be nobody's."""
        ...

    def copy(self, day: date, until_utc: datetime | None = None, *, agreed: bool = False) -> RosterView:
        """Make the roster of an earlier day tonight's, as it was at its last; RegistryError if that day had none."""
        ...


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser that signed in: the secret of its session, told once and kept as a digest only, and until when at most.

    It ends before that where it is not used for a while (``SessionView.expires_utc``).
    """

    asker: Asker
    secret: str = field(repr=False)
    expires_utc: datetime


@dataclass(frozen=True, slots=True)
class SessionView:
    """A browser that is signed in, without its secret."""

    id: str
    made_utc: datetime
    seen_utc: datetime
    expires_utc: datetime


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token of a program, without its secret."""

    id: str
    name: str
    reads_only: bool
    made_utc: datetime
    expires_utc: datetime | None
    used_utc: datetime | None


class Accounts(Protocol):
    """Who may sign in, for the web and the command line. Secrets are drawn here, told once and kept as digests only.

    Every method may be called from any thread. AccessError, with a sentence for a person, where something cannot be.
    """

    def by(self, account: Account | None, peer: str) -> "Accounts":
        """Return these accounts for what somebody changes of others' (None: the operator): the log says who it was."""
        ...

    def in_use(self) -> bool:
        """Whether there is an account: from then on everybody signs in, also at the hub's own machine."""
        ...

    def sign_in(self, name: str, password: str, *, peer: str) -> SignedIn:
        """Check a password; SignInRefused, which never says whether the name exists, also when asked too often."""
        ...

    def asker_of_session(self, secret: str) -> Asker | None:
        """Whom a session's secret belongs to; None if it has expired, was ended, or its account is disabled."""
        ...

    def asker_of_token(self, secret: str) -> Asker | None:
        """Whom a token belongs to; None as above."""
        ...

    def sign_out(self, secret: str) -> None:
        """End a session; one that is not there is fine."""
        ...

    def version(self) -> int:
        """Return a number that changes when any account, session or token does: an open page asks again then."""
        ...

    def accounts(self) -> list[Account]:
        """All accounts by name."""
        ...

    def add(self, name: str, role: Role, password: str, athletes: Sequence[str] = ()) -> Account:
        """Add an account; AccessError if the name is taken, the password too easy, or a runner has not one athlete."""
        ...

    def change(
        self,
        name: str,
        *,
        role: Role | None = None,
        athletes: Sequence[str] | None = None,
        disabled: bool | None = None,
        password: str | None = None,
    ) -> Account:
        """Change an account and end its sessions; the last admin who can sign in stays one."""
        ...

    def change_own_password(
        self, account: str, old: str, new: str, *, peer: str, keep: str | None = None
    ) -> SignedIn | None:
        """Change one's own password (of an account by id), knowing the old one; every session of theirs ends.

        The browser of the secret ``keep`` stays signed in with a new secret, which is returned; else None.
        """
        ...

    def remove(self, name: str) -> None:
        """Remove an account with its sessions and tokens."""
        ...

    def sessions(self, account: str) -> list[SessionView]:
        """Browsers that are signed in with an account (its id), newest first."""
        ...

    def end_session(self, account: str, session: str) -> None:
        """End one of an account's sessions by its id."""
        ...

    def tokens(self, account: str) -> list[TokenView]:
        """Tokens of an account (its id), newest first."""
        ...

    def add_token(
        self, account: str, name: str, *, reads_only: bool = True, days: int | None = 365
    ) -> tuple[TokenView, str]:
        """Draw a token; its secret is returned once and never again."""
        ...

    def remove_token(self, account: str, token: str) -> None:
        """End a token by its id."""
        ...
