"""The registry's tables of what several hubs share out. A change here needs a revision in ``migrations/versions``."""

from datetime import date
from typing import Final

from sqlalchemy import Double, String
from sqlalchemy.orm import Mapped, mapped_column

from sensor_hub.adapters.registry.tables import Base
from sensor_hub.model.work import DueJudgement, FirstTelling

# Not those of ``athletes``: a sending edge may know somebody whom this registry does not.
PSEUDONYM_LENGTH: Final = 64
NAME_LENGTH: Final = 80
MARK_LENGTH: Final = 16


class DueRow(Base):
    """One athlete whose history has changed and is not judged since."""

    __tablename__ = "due"

    athlete: Mapped[str] = mapped_column(String(PSEUDONYM_LENGTH), primary_key=True)
    zone: Mapped[str] = mapped_column(String(64))
    simulated: Mapped[bool]
    since: Mapped[date]
    final: Mapped[bool]
    mark: Mapped[str] = mapped_column(String(MARK_LENGTH))
    noted_s: Mapped[float] = mapped_column(Double)

    def as_model(self) -> DueJudgement:
        """Return it as the rest of the program sees it."""
        return DueJudgement(self.athlete, self.zone, self.simulated, self.since, self.final, self.mark)


class LeaseRow(Base):
    """Who does something alone, and until when (POSIX seconds) if they say nothing more."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    holder: Mapped[str] = mapped_column(String(NAME_LENGTH))
    until_s: Mapped[float] = mapped_column(Double)


class ToldRow(Base):
    """One thing that a person is told once. told_s : when it was; NULL before."""

    __tablename__ = "told"

    athlete: Mapped[str] = mapped_column(String(PSEUDONYM_LENGTH), primary_key=True)
    rule: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    scope: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    finding: Mapped[str] = mapped_column(String(32))
    noted_s: Mapped[float] = mapped_column(Double)
    holder: Mapped[str | None] = mapped_column(String(NAME_LENGTH))
    until_s: Mapped[float] = mapped_column(Double)
    told_s: Mapped[float | None] = mapped_column(Double)

    def as_model(self) -> FirstTelling:
        """Return it as the rest of the program sees it."""
        return FirstTelling(self.athlete, self.rule, self.scope, self.finding)


__all__ = ["DueRow", "LeaseRow", "ToldRow"]
