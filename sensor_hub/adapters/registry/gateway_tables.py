"""The registry's tables of the broker's users. A change here needs a revision in ``migrations/versions``."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from sensor_hub.adapters.registry.tables import ID_LENGTH, NAME_LENGTH, Base, UtcDateTime
from sensor_hub.model.broker import BrokerUserKind

USER_NAME_LENGTH = 64
PASSWORD_LENGTH = 255


class BrokerUserRow(Base):
    """One gateway or reader; its password as mosquitto keeps one. everybody : it is about all athletes of this hub."""

    __tablename__ = "broker_users"
    __table_args__ = (CheckConstraint("kind IN ('gateway', 'reader')", name="kind"),)

    name: Mapped[str] = mapped_column(String(USER_NAME_LENGTH), primary_key=True)
    kind: Mapped[BrokerUserKind] = mapped_column(String(8))
    label: Mapped[str] = mapped_column(String(NAME_LENGTH))
    everybody: Mapped[bool]
    password: Mapped[str] = mapped_column(String(PASSWORD_LENGTH))
    added_utc: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_utc: Mapped[datetime | None] = mapped_column(UtcDateTime)


class BrokerUserAthleteRow(Base):
    """One athlete that one user of the broker is about."""

    __tablename__ = "broker_user_athletes"

    user: Mapped[str] = mapped_column(ForeignKey("broker_users.name", ondelete="CASCADE"), primary_key=True)
    athlete: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("athletes.id"), primary_key=True, index=True)


__all__ = ["BrokerUserAthleteRow", "BrokerUserRow"]
