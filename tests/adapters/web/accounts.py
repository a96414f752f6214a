"""Accounts in memory, to the contract of the port: enough of it for pages and routes, and no hashing to wait for."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Self

from sensor_hub.errors import AccessError, SignInRefused
from sensor_hub.model.access import Account, Asker, Role
from sensor_hub.model.ports import SessionView, SignedIn, TokenView

MADE = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
LASTS = timedelta(days=14)
PASSWORD = "correct horse battery"  # noqa: S105 (of nobody)


@dataclass
class _Held:
    account: str
    view: SessionView


@dataclass
class _Token:
    account: str
    view: TokenView


@dataclass
class ScriptedAccounts:
    """Names are told apart by case; ``now_utc`` is its clock; after three wrong passwords a peer waits 30 s."""

    now_utc: datetime = MADE
    held: dict[str, Account] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    browsers: dict[str, _Held] = field(default_factory=dict)
    secrets: dict[str, _Token] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    changes: int = 0
    drawn: int = 0
    broken: str | None = None

    def in_use(self) -> bool:
        if self.broken is not None:
            raise AccessError(self.broken)
        return bool(self.held)

    def version(self) -> int:
        return self.changes

    def sign_in(self, name: str, password: str, *, peer: str) -> SignedIn:
        if self.failed.get(peer, 0) >= 3:
            raise SignInRefused("That did not let you in.", 29.2)
        account = self.held.get(name)
        if account is None or account.disabled or self.passwords[account.id] != password:
            self.failed[peer] = self.failed.get(peer, 0) + 1
            raise SignInRefused("Name and password do not let you in.")
        return self.enter(name)

    def enter(self, name: str) -> SignedIn:
        """Sign somebody in without a password."""
        account = self.held[name]
        self.drawn += 1
        secret = f"session-{self.drawn}-{account.id}"
        view = SessionView(f"b{self.drawn}", self.now_utc, self.now_utc, self.now_utc + LASTS)
        self.browsers[secret] = _Held(account.id, view)
        self.changes += 1
        return SignedIn(Asker("account", account, via="session"), secret, view.expires_utc)

    def _account(self, id_: str) -> Account | None:
        found = next((account for account in self.held.values() if account.id == id_), None)
        return None if found is None or found.disabled else found

    def asker_of_session(self, secret: str) -> Asker | None:
        held = self.browsers.get(secret)
        account = None if held is None or held.view.expires_utc <= self.now_utc else self._account(held.account)
        return None if account is None else Asker("account", account, via="session")

    def asker_of_token(self, secret: str) -> Asker | None:
        held = self.secrets.get(secret)
        if held is None or (held.view.expires_utc is not None and held.view.expires_utc <= self.now_utc):
            return None
        account = self._account(held.account)
        return None if account is None else Asker("account", account, held.view.reads_only, "token")

    def sign_out(self, secret: str) -> None:
        self.browsers.pop(secret, None)
        self.changes += 1

    def accounts(self) -> list[Account]:
        return sorted(self.held.values(), key=lambda account: account.name)

    def add(self, name: str, role: Role, password: str, athletes: Sequence[str] = ()) -> Account:
        if name in self.held:
            raise AccessError(f"{name!r} is taken (choose another name)")
        if len(password) < 10:
            raise AccessError("the password is too easy: ten letters or more")
        if role == "runner" and len(athletes) != 1:
            raise AccessError("a runner's account is of one athlete")
        made = self.held[name] = Account(f"acc-{len(self.passwords)}", name, role, tuple(athletes), MADE)
        self.passwords[made.id] = password
        self.changes += 1
        return made

    def change(
        self,
        name: str,
        *,
        role: Role | None = None,
        athletes: Sequence[str] | None = None,
        disabled: bool | None = None,
        password: str | None = None,
    ) -> Account:
        old = self.held.get(name)
        if old is None:
            raise AccessError(f"no account {name!r}")
        new = replace(
            old, role=role or old.role, athletes=old.athletes if athletes is None else tuple(athletes),
            disabled=old.disabled if disabled is None else disabled,
        )  # fmt: skip
        if not any(a.role == "admin" and not a.disabled for a in (*(self._others(name)), new)):
            raise AccessError("the last admin who can sign in stays one")
        self.held[name] = new
        if password is not None:
            self.passwords[new.id] = password
        self._end(new.id)
        return new

    def _others(self, name: str) -> list[Account]:
        return [account for account in self.held.values() if account.name != name]

    def _end(self, account: str, keep: str | None = None) -> None:
        self.browsers = {k: v for k, v in self.browsers.items() if v.account != account or k == keep}
        self.changes += 1

    def by(self, account: Account | None, peer: str) -> Self:
        del account, peer  # whoever it is, it is the same accounts
        return self

    def change_own_password(
        self, account: str, old: str, new: str, *, peer: str, keep: str | None = None
    ) -> SignedIn | None:
        if self.passwords[account] != old:
            raise SignInRefused("That is not the password until now.")
        if len(new) < 10:
            raise AccessError("the password is too easy: ten letters or more")
        self.passwords[account] = new
        self._end(account)
        return None if keep is None else self.enter(next(a.name for a in self.held.values() if a.id == account))

    def remove(self, name: str) -> None:
        if not any(a.role == "admin" and not a.disabled for a in self._others(name)):
            raise AccessError("the last admin who can sign in stays one")
        gone = self.held.pop(name)
        self.secrets = {k: v for k, v in self.secrets.items() if v.account != gone.id}
        self._end(gone.id)

    def sessions(self, account: str) -> list[SessionView]:
        return [held.view for held in self.browsers.values() if held.account == account][::-1]

    def end_session(self, account: str, session: str) -> None:
        kept = {k: v for k, v in self.browsers.items() if v.account != account or v.view.id != session}
        self.browsers = kept
        self.changes += 1

    def tokens(self, account: str) -> list[TokenView]:
        return [held.view for held in self.secrets.values() if held.account == account][::-1]

    def add_token(
        self, account: str, name: str, *, reads_only: bool = True, days: int | None = 365
    ) -> tuple[TokenView, str]:
        self.drawn += 1
        secret = f"shub_{self.drawn}_{account}"
        expires = None if days is None else self.now_utc + timedelta(days=days)
        view = TokenView(f"t{self.drawn}", name, reads_only, self.now_utc, expires, None)
        self.secrets[secret] = _Token(account, view)
        self.changes += 1
        return view, secret

    def remove_token(self, account: str, token: str) -> None:
        kept = {k: v for k, v in self.secrets.items() if v.account != account or v.view.id != token}
        self.secrets = kept
        self.changes += 1
