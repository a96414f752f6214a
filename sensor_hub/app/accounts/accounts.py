"""Accounts of a hub: signing in and out, sessions, tokens, passwords. What happens is told to the log, by ids only."""

import copy
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from sensor_hub.adapters.passwords import Passwords, problem_of
from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.registry.accounts import KeptAccount
from sensor_hub.app.accounts.doorkeeping import Door
from sensor_hub.app.accounts.drawn import TOKEN_PREFIX, digest_of, draw, is_same, parts_of
from sensor_hub.app.accounts.limits import peer_of
from sensor_hub.errors import AccessError, RegistryError, SignInRefused
from sensor_hub.model.access import Account, Asker, Role
from sensor_hub.model.ports import SessionView, SignedIn, TokenView

IDLE: Final = timedelta(hours=12)  # a session that nobody uses for so long is over; ours
LONGEST: Final = timedelta(days=30)  # and any session after so long; ours
SEEN_EVERY: Final = timedelta(minutes=1)  # when a session or a token was used is written at most so often
LONGEST_TOKEN_DAYS: Final = 3650

AUDIT: Final = logging.getLogger("sensor_hub.audit")


def _now_utc() -> datetime:
    return datetime.now(UTC)


class HubAccounts:
    """Implements ``Accounts`` on a registry; several hubs on one registry are as one."""

    def __init__(
        self, registry: Registry, passwords: Passwords | None = None, clock: Callable[[], datetime] = _now_utc
    ) -> None:
        self._book, self._sign_ins = registry.accounts, registry.sign_ins
        self._passwords, self._clock = passwords or Passwords(), clock
        self._door = Door(registry.sign_in_tries, clock)
        self._by = ""  # who changes accounts, for the log

    def by(self, account: Account | None, peer: str) -> "HubAccounts":
        """Return the same for what somebody changes of others'."""
        other = copy.copy(self)
        other._by = f", by {'the operator' if account is None else account.id} from {peer_of(peer)}"
        return other

    def in_use(self) -> bool:
        """Whether there is an account."""
        return self._book.in_use()

    def version(self) -> int:
        """Return a number that no earlier state had."""
        return self._book.version()

    # --- signing in and out ------------------------------------------------------------------------------------------

    def sign_in(self, name: str, password: str, *, peer: str) -> SignedIn:
        """Check a password; a disabled account is as if its password were wrong."""
        kept = self._let_in(self._book.find(name), name, password, peer)
        if self._passwords.is_outdated(kept.password_hash):
            self._book.renew_hash(kept.account.id, kept.password_hash, self._passwords.hash(password))
        signed_in = self._new_session(kept.account)
        _audit("signed in", kept.account.id, peer)
        return signed_in

    def sign_out(self, secret: str) -> None:
        """End a session; one that is not there is fine."""
        parts = parts_of(secret)
        kept = None if parts is None else self._sign_ins.session(parts[0])
        if parts is not None and kept is not None and is_same(parts[1], kept.digest):
            self._sign_ins.end_sessions(kept.account.id, [kept.view.id])
            _audit("signed out", kept.account.id)

    def asker_of_session(self, secret: str) -> Asker | None:
        """Whom a session's secret belongs to."""
        parts, now_utc = parts_of(secret), self._clock()
        kept = None if parts is None else self._sign_ins.session(parts[0])
        if parts is None or kept is None or not is_same(parts[1], kept.digest):
            return None
        if kept.account.disabled or now_utc >= kept.view.expires_utc:
            return None
        if now_utc - kept.view.seen_utc >= SEEN_EVERY:
            until_utc = min(now_utc + IDLE, kept.view.made_utc + LONGEST)
            _if_it_can(lambda: self._sign_ins.saw_session(kept.view.id, now_utc, until_utc))
        return Asker("account", kept.account, via="session")

    def asker_of_token(self, secret: str) -> Asker | None:
        """Whom a token belongs to; it reads only where it was made to."""
        parts, now_utc = parts_of(secret, TOKEN_PREFIX), self._clock()
        kept = None if parts is None else self._sign_ins.token(parts[0])
        if parts is None or kept is None or not is_same(parts[1], kept.digest) or kept.account.disabled:
            return None
        if kept.view.expires_utc is not None and now_utc >= kept.view.expires_utc:
            return None
        if kept.view.used_utc is None or now_utc - kept.view.used_utc >= SEEN_EVERY:
            _if_it_can(lambda: self._sign_ins.saw_token(kept.view.id, now_utc))
        return Asker("account", kept.account, reads_only=kept.view.reads_only, via="token")

    # --- accounts ----------------------------------------------------------------------------------------------------

    def accounts(self) -> list[Account]:
        """All accounts by name."""
        return self._book.all()

    def known(self, name: str) -> Account:
        """Return the account of a name; AccessError with near names if there is none."""
        return self._book.named(name).account

    def add(self, name: str, role: Role, password: str, athletes: Sequence[str] = ()) -> Account:
        """Add an account; the first one has to be an admin's."""
        kept_hash = self._checked_hash(password, name)
        account = self._book.add(name, role, athletes, kept_hash, self._clock())
        _audit(f"account added, {account.role}", account.id, by=self._by)
        return account

    def change(
        self,
        name: str,
        *,
        role: Role | None = None,
        athletes: Sequence[str] | None = None,
        disabled: bool | None = None,
        password: str | None = None,
    ) -> Account:
        """Change an account and end its sessions; its tokens stay, with the rights it has from now on."""
        kept = self._book.named(name)
        if role is None and athletes is None and disabled is None and password is None:
            return kept.account
        kept_hash = None if password is None else self._checked_hash(password, kept.account.name)
        changed = self._book.change(name, role=role, athletes=athletes, disabled=disabled, password_hash=kept_hash)
        given = {"role": role, "athletes": athletes, "disabled": disabled, "credentials": password}
        what = ", ".join(what for what, to in given.items() if to is not None)
        _audit(f"account changed: {what}", changed.id, by=self._by)
        return changed

    def change_own_password(
        self, account: str, old: str, new: str, *, peer: str, keep: str | None = None
    ) -> SignedIn | None:
        """Change a password by whoever knows the old one; fails as often as signing in may."""
        kept = self._book.of_id(account)
        _check(new, kept.account.name)
        self._let_in(kept, kept.account.name, old, peer)
        kept_hash = self._passwords.hash(new)  # not before: it costs as much as a try, and is not counted
        parts = None if keep is None else parts_of(keep)
        session = None if parts is None else self._sign_ins.session(parts[0])
        mine = session is not None and parts is not None and session.account.id == account
        keeps = session is not None and parts is not None and mine and is_same(parts[1], session.digest)
        self._book.set_own_hash(account, kept.password_hash, kept_hash, keep=parts[0] if keeps and parts else None)
        _audit("credentials changed", account, peer)
        if not keeps or session is None:
            return None
        drawn = draw()
        if not self._sign_ins.change_secret(session.view.id, digest_of(drawn)):
            return None
        asker = Asker("account", kept.account, via="session")
        return SignedIn(asker, session.view.id + drawn, session.view.made_utc + LONGEST)

    def remove(self, name: str) -> None:
        """Remove an account with its sessions and tokens; the last admin who can sign in stays."""
        _audit("account removed", self._book.remove(name).id, by=self._by)

    # --- sessions and tokens of an account ---------------------------------------------------------------------------

    def sessions(self, account: str) -> list[SessionView]:
        """Browsers that are signed in with an account, newest first."""
        return self._sign_ins.sessions(account, self._clock())

    def end_session(self, account: str, session: str) -> None:
        """End one of an account's sessions."""
        if not self._sign_ins.end_sessions(account, [session]):
            raise AccessError("this browser is signed out already")
        _audit("session ended", account)

    def end_sessions(self, account: str) -> int:
        """End all sessions of an account; return how many there were."""
        n = self._sign_ins.end_sessions(account)
        _audit("all sessions ended", account)
        return n

    def tokens(self, account: str) -> list[TokenView]:
        """Tokens of an account, newest first."""
        return self._sign_ins.tokens(account)

    def add_token(
        self, account: str, name: str, *, reads_only: bool = True, days: int | None = 365
    ) -> tuple[TokenView, str]:
        """Draw a token that may do what its account may, or only the reading of it."""
        if days is not None and not 1 <= days <= LONGEST_TOKEN_DAYS:
            raise AccessError(f"a token holds for 1 to {LONGEST_TOKEN_DAYS} days, not {days}; or without an end")
        drawn, now_utc = draw(), self._clock()
        until_utc = None if days is None else now_utc + timedelta(days=days)
        view = self._sign_ins.add_token(
            account, name, digest_of(drawn), reads_only=reads_only, now_utc=now_utc, expires_utc=until_utc
        )
        _audit(f"token added: {view.id}, {'reads' if reads_only else 'changes'}", account)
        return view, TOKEN_PREFIX + view.id + drawn

    def remove_token(self, account: str, token: str) -> None:
        """End a token."""
        if not self._sign_ins.remove_token(account, token):
            raise AccessError("there is no such token of this account")
        _audit(f"token removed: {token}", account)

    # --- inside ------------------------------------------------------------------------------------------------------

    def _let_in(self, kept: KeptAccount | None, name: str, password: str, peer: str) -> KeptAccount:
        """Return the account if the password is right, as often as that may be asked; else SignInRefused."""
        who = None if kept is None else kept.account.id
        try:
            with self._door.trying(name, peer) as it_was_right:
                right = self._passwords.is_right(password, None if kept is None else kept.password_hash)
                if right and kept is not None and not kept.account.disabled:
                    it_was_right()
                    return kept
        except SignInRefused:
            _audit("refused", who, peer, logging.WARNING)
            raise
        raise ValueError("a try that failed was let in")  # pragma: no cover - the door refuses

    def _new_session(self, account: Account) -> SignedIn:
        drawn, now_utc = draw(), self._clock()
        id_ = self._sign_ins.add_session(account.id, digest_of(drawn), now_utc, now_utc + IDLE)
        return SignedIn(Asker("account", account, via="session"), id_ + drawn, now_utc + LONGEST)

    def _checked_hash(self, password: str, name: str) -> str:
        _check(password, name)
        return self._passwords.hash(password)


def _check(password: str, name: str) -> None:
    if (problem := problem_of(password, name)) is not None:
        raise AccessError(problem)


def _audit(what: str, account: str | None, peer: str | None = None, level: int = logging.INFO, *, by: str = "") -> None:
    """Say who did what from where, without a name or a secret."""
    where = "" if peer is None else f" from {peer_of(peer)}"
    AUDIT.log(level, "%s: account %s%s", what, account or "unknown", where + by)


def _if_it_can(note: Callable[[], None]) -> None:
    """Write down when something was used; a registry that is busy does not keep anybody out."""
    try:
        note()
    except RegistryError as error:
        logging.getLogger(__name__).warning("when a sign-in was used could not be written: %s", error)


__all__ = ["AUDIT", "IDLE", "LONGEST", "HubAccounts"]
