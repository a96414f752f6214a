"""Who may sign in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sensor_hub.model.access import Account, Asker, Role


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
