"""Edits as REST takes and tells them: one model a kind, told apart by ``kind``, with the fields of ``model.edit``."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, model_validator

from sensor_hub.errors import EditError
from sensor_hub.model.edit import (
    SOURCE_ORDER,
    AddRun,
    Change,
    DayMark,
    Delete,
    Distinct,
    Edit,
    Link,
    MarkDays,
    Merge,
    Prefer,
    SourceKind,
    Split,
    Tell,
    ToldField,
    Trim,
    Undo,
    WearShoe,
)
from sensor_hub.model.load import Surface
from sensor_hub.model.session import Ledger
from sensor_hub.wire.edits import edit_body

NOON: Final = time(12)
_ON_NOON: Final = "of a day without a time of day, local noon"
Sid: TypeAlias = Annotated[str, Field(min_length=1, max_length=128, description="Session id.")]
Sids: TypeAlias = Annotated[list[Sid], Field(min_length=2, max_length=50, description="Session ids.")]


@dataclass(frozen=True, slots=True)
class Making:
    """What an edit is completed with: the athlete's zone, and ids for the sessions it makes."""

    zone: str
    new_sid: Callable[[datetime], str]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class AddRunBody(_Body):
    """A run, or another session, that no sensor saw; what is left out is unknown."""

    kind: Literal["add-run"] = Field(description="A run by hand.")
    sid: Sid | None = Field(default=None, description="Session id; made if left out.")
    start_utc: AwareDatetime | None = Field(default=None, description=f"Start; {_ON_NOON}. Or say on.")
    on: date | None = Field(default=None, description="Local day of a run whose time of day nobody knows.")
    has_time: bool = Field(default=True, description="False if only the day of start_utc is known.")
    duration_s: float | None = Field(default=None, gt=0, le=172_800, description="Moving time, s.")
    distance_m: float | None = Field(default=None, ge=0, le=500_000, description="Distance, m.")
    effort: float | None = Field(default=None, ge=0, le=10, description="How hard it was, 0 to 10 (CR-10).")
    ledger: Ledger = Field(default="run", description="run, walk, exercise or other.")
    surface: Surface = Field(default="unknown", description="overground, treadmill, track, trail or unknown.")

    @model_validator(mode="after")
    def _is_of_a_day(self) -> "AddRunBody":
        if (self.start_utc is None) == (self.on is None):
            raise ValueError("say either start_utc or on")
        return self

    def edit(self, making: Making) -> AddRun:
        """The edit itself."""
        if self.on is not None:
            start_utc, has_time = datetime.combine(self.on, NOON, ZoneInfo(making.zone)).astimezone(UTC), False
        else:
            start_utc, has_time = _utc(self.start_utc), self.has_time
        sid = self.sid or making.new_sid(start_utc)
        return AddRun(sid, start_utc, has_time, self.duration_s, self.distance_m, self.effort, self.ledger,
                      self.surface)  # fmt: skip


class TrimBody(_Body):
    """Keep a part of a session."""

    kind: Literal["trim"] = Field(description="Keep a part.")
    sid: Sid
    from_utc: AwareDatetime | None = Field(default=None, description="What is kept begins here; null: as it is.")
    to_utc: AwareDatetime | None = Field(default=None, description="What is kept ends before this; null: as it is.")

    def edit(self, _making: Making) -> Trim:
        """The edit itself."""
        return Trim(self.sid, _maybe_utc(self.from_utc), _maybe_utc(self.to_utc))


class SplitBody(_Body):
    """Make two of a session."""

    kind: Literal["split"] = Field(description="Make two of one.")
    sid: Sid
    at_utc: AwareDatetime = Field(description="The second begins here.")
    second_sid: Sid | None = Field(default=None, description="Id of the second; made if left out.")

    def edit(self, making: Making) -> Split:
        """The edit itself."""
        at_utc = _utc(self.at_utc)
        return Split(self.sid, at_utc, self.second_sid or making.new_sid(at_utc))


class MergeBody(_Body):
    """Make one of several sessions that follow each other; it has the id of the earliest."""

    kind: Literal["merge"] = Field(description="Make one of several.")
    sids: Sids

    def edit(self, _making: Making) -> Merge:
        """The edit itself."""
        return Merge(tuple(self.sids))


class DeleteBody(_Body):
    """Take a session out of history."""

    kind: Literal["delete"] = Field(description="Take it out.")
    sid: Sid

    def edit(self, _making: Making) -> Delete:
        """The edit itself."""
        return Delete(self.sid)


class ChangeBody(_Body):
    """Say whose a session is, which ledger it belongs to, what was run on; null leaves it."""

    kind: Literal["change"] = Field(description="Put right what it is.")
    sid: Sid
    athlete: str | None = Field(default=None, min_length=1, description="Pseudonym of whose it is.")
    ledger: Ledger | None = Field(default=None, description="run, walk, exercise or other.")
    surface: Surface | None = Field(default=None, description="overground, treadmill, track, trail or unknown.")

    def edit(self, _making: Making) -> Change:
        """The edit itself."""
        return Change(self.sid, self.athlete, self.ledger, self.surface)


class TellBody(_Body):
    """Say what no sensor knows; null leaves it."""

    kind: Literal["tell"] = Field(description="Say what no sensor knows.")
    sid: Sid
    shoe: str | None = Field(default=None, description="Id of a pair; empty: none of them.")
    effort: float | None = Field(default=None, ge=0, le=10, description="How hard it was, 0 to 10 (CR-10).")
    note: str | None = Field(default=None, max_length=2000, description="Free text.")
    forget: list[ToldField] = Field(default_factory=list, description="What is unsaid.")

    def edit(self, _making: Making) -> Tell:
        """The edit itself."""
        return Tell(self.sid, self.shoe, self.effort, self.note, tuple(self.forget))


class LinkBody(_Body):
    """These sessions are the same run from several sources."""

    kind: Literal["link"] = Field(description="The same run.")
    sids: Sids
    counts: Sid | None = Field(default=None, description="Which one counts; null: by the order of sources.")

    def edit(self, _making: Making) -> Link:
        """The edit itself."""
        return Link(tuple(self.sids), self.counts)


class DistinctBody(_Body):
    """These sessions are different runs, whatever their times say."""

    kind: Literal["distinct"] = Field(description="Different runs.")
    sids: Sids

    def edit(self, _making: Making) -> Distinct:
        """The edit itself."""
        return Distinct(tuple(self.sids))


class PreferBody(_Body):
    """Which source counts where several tell of the same run."""

    kind: Literal["prefer"] = Field(description="Order of the sources.")
    order: list[SourceKind] = Field(default=list(SOURCE_ORDER), description="Best first.")
    ask: bool = Field(default=True, description="False links likely ones unasked.")

    def edit(self, _making: Making) -> Prefer:
        """The edit itself."""
        return Prefer(tuple(self.order), self.ask)


class MarkDaysBody(_Body):
    """What days without a session were."""

    kind: Literal["mark-days"] = Field(description="Rested, or not recorded.")
    first: date = Field(description="First day.")
    last: date = Field(description="Last day, included.")
    mark: DayMark = Field(description="rested, not-recorded, or unsaid, which takes an answer back.")

    @model_validator(mode="after")
    def _is_in_order(self) -> "MarkDaysBody":
        _must_be_in_order(self.first, self.last)
        return self

    def edit(self, _making: Making) -> MarkDays:
        """The edit itself."""
        return MarkDays(self.first, self.last, self.mark)


class WearShoeBody(_Body):
    """Which pair is worn on days."""

    kind: Literal["wear-shoe"] = Field(description="The pair of a day, or of every day from one on.")
    shoe: str = Field(description="Id of a pair; empty: none.")
    first: date = Field(description="First day.")
    last: date | None = Field(default=None, description="Last day; null: until another is said.")

    @model_validator(mode="after")
    def _is_in_order(self) -> "WearShoeBody":
        _must_be_in_order(self.first, self.last)
        return self

    def edit(self, _making: Making) -> WearShoe:
        """The edit itself."""
        return WearShoe(self.shoe, self.first, self.last)


class UndoBody(_Body):
    """Take an entry back; of an undo that brings the first one back in force."""

    kind: Literal["undo"] = Field(description="Take an entry back.")
    entry: str = Field(min_length=1, description="Id of an entry.")

    def edit(self, _making: Making) -> Undo:
        """The edit itself."""
        return Undo(self.entry)


EditBody: TypeAlias = Annotated[
    AddRunBody | TrimBody | SplitBody | MergeBody | DeleteBody | ChangeBody | TellBody | LinkBody | DistinctBody
    | PreferBody | MarkDaysBody | WearShoeBody | UndoBody,
    Field(discriminator="kind"),
]  # fmt: skip


def _listed(body: Any) -> Any:
    return body if isinstance(body, list) else [body]


EditBodies: TypeAlias = Annotated[
    list[EditBody],
    Field(min_length=1, max_length=100),
    BeforeValidator(_listed, json_schema_input_type=EditBody | list[EditBody]),
]
_ANY_EDIT: Final[TypeAdapter[Any]] = TypeAdapter(EditBody)


def body_of(edit: Edit) -> Any:
    """An edit of the journal as REST tells it."""
    return _ANY_EDIT.validate_python(edit_body(edit), strict=False)


def _utc(moment: datetime | None) -> datetime:
    if moment is None:
        raise ValueError("no moment")
    return in_utc(moment)


def _maybe_utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else in_utc(moment)


def in_utc(moment: datetime) -> datetime:
    """Return the same moment in UTC; EditError for one that no year in UTC has."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise EditError(f"{moment.isoformat()} is too long ago, or not in these years: give another time") from None


def _must_be_in_order(first: date, last: date | None) -> None:
    if last is not None and last < first:
        raise ValueError("last lies before first")
