"""The registry's tables. A change here needs a revision in ``migrations/versions``; a test compares the two."""

import math
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Final, Self

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from sensor_hub.model.athlete import Athlete, Device, Shoe
from sensor_hub.model.calibration import Calibration
from sensor_hub.model.gait import Mount, Side
from sensor_hub.model.load import LoadReference
from sensor_hub.model.pattern import GaitPattern
from sensor_hub.model.reference import KeptReference, Learned, Made
from sensor_hub.model.roster import RosterLine

ID_LENGTH: Final = 8
NAME_LENGTH: Final = 80

# Numbers that came from elsewhere may be long; SQLite counts on in INTEGER only, which is as long.
LARGE: Final = BigInteger().with_variant(Integer(), "sqlite")

# Named, so that a later revision can address every one of them.
_NAMES: Final = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime; databases without time zones keep it as naive UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware datetime → naive UTC."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Naive UTC → aware UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Holds the metadata of every table."""

    metadata = MetaData(naming_convention=_NAMES)


class AthleteRow(Base):
    """One athlete.

    name_key is the display name as it is compared (see ``checks.key_of``). role is "me" for the one athlete a file
    without an athlete belongs to, whatever they are called by now.
    """

    __tablename__ = "athletes"
    __table_args__ = (
        CheckConstraint("mass_kg IS NULL OR mass_kg BETWEEN 20 AND 250", name="mass_kg"),
        CheckConstraint("week_start BETWEEN 1 AND 7", name="week_start"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    display_name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    name_key: Mapped[str] = mapped_column(String(4 * NAME_LENGTH), index=True, unique=True)
    zone: Mapped[str] = mapped_column(String(64))
    mass_kg: Mapped[float | None] = mapped_column(Double)
    week_start: Mapped[int]
    simulated: Mapped[bool]
    height_m: Mapped[float | None] = mapped_column(Double)
    role: Mapped[str | None] = mapped_column(String(8), index=True, unique=True)

    def as_model(self) -> Athlete:
        """Return the athlete as the rest of the program knows them."""
        who = self.id, self.display_name, self.zone
        return Athlete(*who, self.mass_kg, self.week_start, self.simulated, self.height_m)


class DeviceRow(Base):
    """One paired sensor; address_key is its address as it is compared.

    fingerprint : of its characteristics when last linked. swing : gyroscope axis and sign of a swing of its leg.
    """

    __tablename__ = "devices"
    __table_args__ = (
        CheckConstraint("side IN ('L', 'R', 'U')", name="side"),
        CheckConstraint("mount IS NULL OR mount IN ('foot', 'shank', 'sacrum')", name="mount"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    address: Mapped[str] = mapped_column(String(NAME_LENGTH))
    address_key: Mapped[str] = mapped_column(String(4 * NAME_LENGTH), index=True, unique=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    profile: Mapped[str] = mapped_column(String(NAME_LENGTH))
    athlete: Mapped[str | None] = mapped_column(ForeignKey("athletes.id"), index=True)
    side: Mapped[Side] = mapped_column(String(1))
    mount: Mapped[Mount | None] = mapped_column(String(8))
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    swing: Mapped[str | None] = mapped_column(String(8))

    def as_model(self) -> Device:
        """Return the device as the rest of the program knows it."""
        where = self.athlete, self.side, self.mount
        return Device(self.id, self.address, self.name, self.profile, *where, self.fingerprint, self.swing)


class ShoeRow(Base):
    """One pair of shoes."""

    __tablename__ = "shoes"
    __table_args__ = (CheckConstraint("start_distance_m >= 0", name="start_distance_m"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    athlete: Mapped[str] = mapped_column(ForeignKey("athletes.id"), index=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    drop_mm: Mapped[float | None] = mapped_column(Double)
    start_distance_m: Mapped[float] = mapped_column(Double)
    retired_utc: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def as_model(self) -> Shoe:
        """Return the shoe as the rest of the program knows it."""
        return Shoe(self.id, self.athlete, self.name, self.drop_mm, self.start_distance_m, self.retired_utc)


class AliasRow(Base):
    """A pseudonym that was merged away, and the athlete it means now."""

    __tablename__ = "aliases"

    old: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    new: Mapped[str] = mapped_column(ForeignKey("athletes.id"), index=True)


class CalibrationRow(Base):
    """What one athlete's contact times need at one mount, found with one method."""

    __tablename__ = "calibrations"
    __table_args__ = (CheckConstraint("mount IN ('foot', 'shank', 'sacrum')", name="mount"),)

    athlete: Mapped[str] = mapped_column(ForeignKey("athletes.id"), primary_key=True)
    mount: Mapped[Mount] = mapped_column(String(8), primary_key=True)
    method: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    offset_s: Mapped[float] = mapped_column(Double)
    slope: Mapped[float] = mapped_column(Double)
    centre_s: Mapped[float] = mapped_column(Double)
    residual_sd_s: Mapped[float] = mapped_column(Double)
    n_steps: Mapped[int]
    reference: Mapped[str] = mapped_column(Text)
    made_on: Mapped[date]
    bias_bound_s: Mapped[float | None] = mapped_column(Double)

    @classmethod
    def of(cls, athlete: str, calibration: Calibration) -> Self:
        """Return the row of an athlete's calibration."""
        return cls(athlete=athlete, **{f.name: getattr(calibration, f.name) for f in fields(Calibration)})

    def as_model(self) -> Calibration:
        """Return the calibration as the rest of the program knows it."""
        return Calibration(**{f.name: getattr(self, f.name) for f in fields(Calibration)})


class GaitPatternRow(Base):
    """How one athlete's strides usually look to a sensor at one mount and side; an unknown feature is null."""

    __tablename__ = "gait_patterns"
    __table_args__ = (
        CheckConstraint("side IN ('L', 'R', 'U')", name="side"),
        CheckConstraint("mount IN ('foot', 'shank', 'sacrum')", name="mount"),
    )

    athlete: Mapped[str] = mapped_column(ForeignKey("athletes.id"), primary_key=True)
    mount: Mapped[Mount] = mapped_column(String(8), primary_key=True)
    side: Mapped[Side] = mapped_column(String(1), primary_key=True)
    features: Mapped[list[str]] = mapped_column(JSON)
    values: Mapped[list[float | None]] = mapped_column(JSON)
    spreads: Mapped[list[float | None] | None] = mapped_column(JSON(none_as_null=True))
    n_sessions: Mapped[int]
    n_strides: Mapped[int]

    @classmethod
    def of(cls, athlete: str, pattern: GaitPattern) -> Self:
        """Return the row of an athlete's pattern."""
        return cls(
            athlete=athlete,
            mount=pattern.mount,
            side=pattern.side,
            features=list(pattern.features),
            values=_known(pattern.values),
            spreads=None if pattern.spreads is None else _known(pattern.spreads),
            n_sessions=pattern.n_sessions,
            n_strides=pattern.n_strides,
        )

    def as_model(self) -> GaitPattern:
        """Return the pattern as the rest of the program knows it."""
        spreads = None if self.spreads is None else _numbers(self.spreads)
        where, features = (self.mount, self.side), tuple(self.features)
        return GaitPattern(*where, features, _numbers(self.values), spreads, self.n_sessions, self.n_strides)


class LoadReferenceRow(Base):
    """One version of an athlete's own load reference; ``number`` is given once in a registry and never again."""

    __tablename__ = "load_references"
    __table_args__ = (
        CheckConstraint("made IN ('first', 'asked')", name="made"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(LARGE, primary_key=True, autoincrement=True)
    athlete: Mapped[str] = mapped_column(ForeignKey("athletes.id"), index=True)
    instrument: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(String(NAME_LENGTH))
    step_time_s: Mapped[float] = mapped_column(Double)
    contact_time_s: Mapped[float] = mapped_column(Double)
    hard_line_bw: Mapped[float] = mapped_column(Double)
    strike_factor: Mapped[float] = mapped_column(Double)
    at_easy_speed: Mapped[bool]
    learned_on: Mapped[date]
    n_sessions: Mapped[int]
    n_steps: Mapped[float] = mapped_column(Double)
    made: Mapped[Made] = mapped_column(String(8))
    before: Mapped[str] = mapped_column(String(24))
    active: Mapped[bool]

    @property
    def id(self) -> str:
        """What sessions say they are expressed in."""
        return f"ref-own-{self.number}"

    @classmethod
    def of(cls, athlete: str, learned: Learned, *, made: Made, before: str) -> Self:
        """Return the row of a new active version; it gets its number from the database."""
        reference = learned.reference
        values = {f.name: getattr(reference, f.name) for f in fields(LoadReference) if f.name != "id"}
        how = {"made": made, "before": before, "at_easy_speed": learned.at_easy_speed, "active": True}
        return cls(athlete=athlete, **values, **how)

    def as_model(self) -> KeptReference:
        """Return the version as the rest of the program knows it."""
        reference = LoadReference(**{f.name: getattr(self, f.name) for f in fields(LoadReference)})
        return KeptReference(self.athlete, reference, self.made, self.at_easy_speed, self.active, self.before)


class RosterRow(Base):
    """One pod on one person, for sessions that begin from one moment to another.

    device : no foreign key, for a sensor may be forgotten and whose it was stays.
    """

    __tablename__ = "roster"
    __table_args__ = (
        CheckConstraint("side IN ('L', 'R', 'U')", name="side"),
        CheckConstraint("mount IS NULL OR mount IN ('foot', 'shank', 'sacrum')", name="mount"),
        CheckConstraint("from_utc < until_utc", name="until_utc"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(LARGE, primary_key=True, autoincrement=True)
    device: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    athlete: Mapped[str] = mapped_column(ForeignKey("athletes.id"), index=True)
    side: Mapped[Side] = mapped_column(String(1))
    mount: Mapped[Mount | None] = mapped_column(String(8))
    from_utc: Mapped[datetime] = mapped_column(UtcDateTime)
    until_utc: Mapped[datetime] = mapped_column(UtcDateTime)

    def as_model(self) -> RosterLine:
        """Return the line as the rest of the program knows it."""
        when = self.from_utc, self.until_utc
        return RosterLine(self.number, self.device, self.athlete, self.side, self.mount, *when)


def _known(values: tuple[float, ...]) -> list[float | None]:
    return [None if math.isnan(value) else value for value in values]


def _numbers(values: list[float | None]) -> tuple[float, ...]:
    return tuple(math.nan if value is None else float(value) for value in values)


class JournalRow(Base):
    """One entry of the journal of edits.

    body is the edit as JSON (``wire.edits``); other, to whom a session went. judged says that findings were judged
    after it: whoever wrote it may have been killed before.
    """

    __tablename__ = "journal"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 (SQLAlchemy's own way of saying it)

    seq: Mapped[int] = mapped_column(LARGE, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(26), index=True, unique=True)
    athlete: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("athletes.id"), index=True)
    other: Mapped[str | None] = mapped_column(String(ID_LENGTH), index=True)
    made_utc: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(16))
    body: Mapped[str] = mapped_column(Text)
    judged: Mapped[bool]


class ReferenceNameRow(Base):
    """What a reference is called in exports, where its number was somebody else's here when it was put in."""

    __tablename__ = "reference_names"

    number: Mapped[int] = mapped_column(ForeignKey("load_references.number", ondelete="CASCADE"), primary_key=True)
    exported_as: Mapped[int] = mapped_column(LARGE)
