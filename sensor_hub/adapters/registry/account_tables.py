"""Tables of who may sign in. Of every secret a digest is kept, of every password its hash: neither can be told back."""

from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from sensor_hub.adapters.registry.tables import ID_LENGTH, NAME_LENGTH, Base, UtcDateTime
from sensor_hub.model.access import Role

DIGEST_LENGTH: Final = 64  # SHA-256 in hexadecimal


class AccountRow(Base):
    """Somebody who may sign in.

    name_key : the name as it is compared (see ``checks.key_of``). everybody : a coach of everybody here; one without it
    coaches those of ``AccountAthleteRow``, and nobody once these are gone.
    """

    __tablename__ = "accounts"
    __table_args__ = (CheckConstraint("role IN ('runner', 'coach', 'admin')", name="role"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    name_key: Mapped[str] = mapped_column(String(4 * NAME_LENGTH), index=True, unique=True)
    role: Mapped[Role] = mapped_column(String(8))
    everybody: Mapped[bool]
    password_hash: Mapped[str] = mapped_column(String(255))
    created_utc: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled: Mapped[bool]


class AccountAthleteRow(Base):
    """Whom an account is about: a runner's own athlete, those of a coach."""

    __tablename__ = "account_athletes"

    account: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    athlete: Mapped[str] = mapped_column(ForeignKey("athletes.id"), primary_key=True, index=True)


class WebSessionRow(Base):
    """A browser that is signed in; digest is of the secret it holds. expires_utc : unless it is used before."""

    __tablename__ = "web_sessions"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH))
    made_utc: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_utc: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_utc: Mapped[datetime] = mapped_column(UtcDateTime)


class AccessTokenRow(Base):
    """A program that may ask in an account's name; digest is of the secret it sends."""

    __tablename__ = "access_tokens"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH))
    reads_only: Mapped[bool]
    made_utc: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_utc: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_utc: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignInTriesRow(Base):
    """How often a name or a peer failed to sign in of late, under a digest of which it is, and how long it waits."""

    __tablename__ = "sign_in_tries"

    subject: Mapped[str] = mapped_column(String(DIGEST_LENGTH), primary_key=True)
    n: Mapped[int]
    last_utc: Mapped[datetime] = mapped_column(UtcDateTime)
    until_utc: Mapped[datetime] = mapped_column(UtcDateTime)


class AccountStateRow(Base):
    """Two numbers: "version" grows with every change of accounts, sessions and tokens, "tries" with those of tries.

    Whoever writes counts first: on a database that lets several write at once, the row makes them take turns.
    """

    __tablename__ = "account_state"

    what: Mapped[str] = mapped_column(String(8), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
