"""The registry's tables of squads, marks, checks of sensors and who is told. A change needs a revision.

Every column that names an athlete is a foreign key: what erases a person finds them by it.
"""

from datetime import datetime, time
from typing import Any, Literal

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, Time
from sqlalchemy.orm import Mapped, mapped_column

from sensor_hub.adapters.registry.tables import ID_LENGTH, NAME_LENGTH, Base, UtcDateTime
from sensor_hub.model.finding import Level
from sensor_hub.model.mark import FindingMark
from sensor_hub.model.notifying import Addressee, Notification
from sensor_hub.model.sensor_view import SensorCheck

FINDING_LENGTH = 160
ABOUT_LENGTH = 200
PROBLEM_LENGTH = 255


class SquadRow(Base):
    """A named group of athletes; name_key is the name as it is compared."""

    __tablename__ = "squads"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    name_key: Mapped[str] = mapped_column(String(4 * NAME_LENGTH), index=True, unique=True)


class SquadAthleteRow(Base):
    """One athlete of one squad."""

    __tablename__ = "squad_athletes"

    squad: Mapped[str] = mapped_column(ForeignKey("squads.id", ondelete="CASCADE"), primary_key=True)
    athlete: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("athletes.id"), primary_key=True, index=True)


class FindingMarkRow(Base):
    """What somebody did with a finding; about : ``Finding.about``, which a merge keeps."""

    __tablename__ = "finding_marks"

    athlete: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("athletes.id"), primary_key=True)
    about: Mapped[str] = mapped_column(String(FINDING_LENGTH), primary_key=True)
    level: Mapped[Level] = mapped_column(String(10))
    at_utc: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(NAME_LENGTH))
    until_utc: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def as_model(self) -> FindingMark:
        """Return it as the rest of the program sees it."""
        return FindingMark(self.athlete, self.about, self.level, self.at_utc, self.by, self.until_utc)

    @classmethod
    def of(cls, mark: FindingMark) -> "FindingMarkRow":
        """Return the row of a mark."""
        return cls(
            athlete=mark.athlete, about=mark.about, level=mark.level, at_utc=mark.at_utc, by=mark.by,
            until_utc=mark.until_utc,
        )  # fmt: skip


class SensorCheckRow(Base):
    """The last check of a sensor; device is a pseudonym, which may be one that only an edge has paired."""

    __tablename__ = "sensor_checks"
    __table_args__ = (CheckConstraint("verdict IN ('fit', 'look', 'no')", name="verdict"),)

    device: Mapped[str] = mapped_column(String(64), primary_key=True)
    checked_utc: Mapped[datetime] = mapped_column(UtcDateTime)
    verdict: Mapped[Literal["fit", "look", "no"]] = mapped_column(String(8))
    found: Mapped[list[Any]] = mapped_column(JSON)
    problem: Mapped[str | None] = mapped_column(Text)

    def as_model(self) -> SensorCheck:
        """Return it as the rest of the program sees it."""
        found = tuple((str(code), None if value is None else float(value)) for code, value in self.found)
        return SensorCheck(self.device, self.checked_utc, self.verdict, found, self.problem)

    @classmethod
    def of(cls, check: SensorCheck) -> "SensorCheckRow":
        """Return the row of a check."""
        return cls(
            device=check.device, checked_utc=check.checked_utc, verdict=check.verdict,
            found=[[code, value] for code, value in check.found], problem=check.problem,
        )  # fmt: skip


class AddresseeRow(Base):
    """A way to tell somebody; url holds a secret. athlete : whose own; account : a coach's; neither : of the hub."""

    __tablename__ = "addressees"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    athlete: Mapped[str | None] = mapped_column(String(ID_LENGTH), ForeignKey("athletes.id"), index=True)
    account: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    url: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(String(NAME_LENGTH))
    zone: Mapped[str] = mapped_column(String(64))
    quiet_from: Mapped[time] = mapped_column(Time)
    quiet_until: Mapped[time] = mapped_column(Time)
    numbers: Mapped[bool]
    added_utc: Mapped[datetime] = mapped_column(UtcDateTime)

    def as_model(self) -> Addressee:
        """Return it as the rest of the program sees it."""
        return Addressee(
            self.id, self.url, self.label, self.zone, self.athlete, self.account, self.quiet_from, self.quiet_until,
            self.numbers,
        )  # fmt: skip


class NotificationRow(Base):
    """One message to one addressee; kept after it is gone, so that none goes twice.

    The athlete is part of the key: of two runners the same rule may say the same of one week, to one coach.
    """

    __tablename__ = "notifications"

    addressee: Mapped[str] = mapped_column(ForeignKey("addressees.id", ondelete="CASCADE"), primary_key=True)
    athlete: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("athletes.id"), primary_key=True, index=True)
    about: Mapped[str] = mapped_column(String(ABOUT_LENGTH), primary_key=True)
    made_utc: Mapped[datetime] = mapped_column(UtcDateTime)
    due_utc: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    sent_utc: Mapped[datetime | None] = mapped_column(UtcDateTime)
    n_tries: Mapped[int]
    problem: Mapped[str | None] = mapped_column(String(PROBLEM_LENGTH))
    dropped_utc: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def as_model(self) -> Notification:
        """Return it as the rest of the program sees it."""
        return Notification(
            self.addressee, self.about, self.athlete, self.made_utc, self.due_utc, self.sent_utc, self.n_tries,
            self.problem, self.dropped_utc,
        )  # fmt: skip


__all__ = [
    "AddresseeRow", "FindingMarkRow", "NotificationRow", "SensorCheckRow", "SquadAthleteRow", "SquadRow",
]  # fmt: skip
