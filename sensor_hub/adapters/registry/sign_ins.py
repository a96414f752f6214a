"""Who is signed in: browsers with their sessions, programs with their tokens. Of secrets only digests come here."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import and_, delete, select, update
from sqlalchemy.orm import Session

from sensor_hub.adapters.registry.account_rows import account_row, as_account, count_version, is_id
from sensor_hub.adapters.registry.account_tables import AccessTokenRow, AccountRow, WebSessionRow
from sensor_hub.adapters.registry.checks import checked_text, draw_pseudonym
from sensor_hub.adapters.registry.learned import Transaction
from sensor_hub.errors import AccessError, RegistryError
from sensor_hub.model.access import Account
from sensor_hub.model.ports import SessionView, TokenView

MOST_TOKENS: Final = 50  # of an account: ours


@dataclass(frozen=True, slots=True)
class KeptSession:
    """A session as it is kept, and whose it is."""

    view: SessionView
    account: Account
    digest: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeptToken:
    """A token as it is kept, and whose it is."""

    view: TokenView
    account: Account
    digest: str = field(repr=False)


class SignIns:
    """The registry's part for sessions and tokens. Every method is one transaction of its own, from any thread.

    Accounts are named by id; AccessError if one is gone.
    """

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add_session(self, account: str, digest: str, now_utc: datetime, expires_utc: datetime) -> str:
        """Keep a new session and return its id; sessions of anybody that have expired go."""
        with self._transaction(writes=True) as session:
            count_version(session)
            session.execute(delete(WebSessionRow).where(WebSessionRow.expires_utc <= now_utc))
            account_row(session, account)
            drawn = draw_pseudonym(set(session.scalars(select(WebSessionRow.id))))
            times = {"made_utc": now_utc, "seen_utc": now_utc, "expires_utc": expires_utc}
            session.add(WebSessionRow(id=drawn, account=account, digest=digest, **times))
            return drawn

    def session(self, id_: str) -> KeptSession | None:
        """Return the session of an id with its account; None if it is gone."""
        query = select(WebSessionRow, AccountRow).join(AccountRow, AccountRow.id == WebSessionRow.account)
        with self._transaction(writes=False) as session:
            found = session.execute(query.where(WebSessionRow.id == id_)).one_or_none()
            return (
                None if found is None else KeptSession(_view(found[0]), as_account(session, found[1]), found[0].digest)
            )

    def saw_session(self, id_: str, now_utc: datetime, expires_utc: datetime) -> None:
        """Note that a session was used; one that is gone stays so."""
        values = {"seen_utc": now_utc, "expires_utc": expires_utc}
        with self._transaction(writes=True) as session:
            session.execute(update(WebSessionRow).where(WebSessionRow.id == id_).values(**values))

    def change_secret(self, id_: str, digest: str) -> bool:
        """Give a session another secret; False if it is gone."""
        with self._transaction(writes=True) as session:
            count_version(session)
            row = session.get(WebSessionRow, id_)
            if row is not None:
                row.digest = digest
            return row is not None

    def sessions(self, account: str, now_utc: datetime) -> list[SessionView]:
        """Sessions of an account that have not expired, newest first."""
        mine = and_(WebSessionRow.account == account, WebSessionRow.expires_utc > now_utc)
        query = select(WebSessionRow).where(mine).order_by(WebSessionRow.made_utc.desc(), WebSessionRow.id)
        with self._transaction(writes=False) as session:
            account_row(session, account)
            return [_view(row) for row in session.scalars(query)]

    def end_sessions(self, account: str, ids: Iterable[str] | None = None) -> int:
        """End sessions of an account by id, or all of them; return how many there were."""
        query = delete(WebSessionRow).where(WebSessionRow.account == account)
        if ids is not None:
            query = query.where(WebSessionRow.id.in_([id_ for id_ in ids if is_id(id_)]))
        with self._transaction(writes=True) as session:
            count_version(session)
            return _rowcount(session, query)

    def end_everybodys_sessions(self) -> None:
        """End every session: of a registry that was put back, nobody knows who was signed in since."""
        with self._transaction(writes=True) as session:
            count_version(session)
            session.execute(delete(WebSessionRow))

    # --- tokens ------------------------------------------------------------------------------------------------------

    def add_token(
        self, account: str, name: str, digest: str, *, reads_only: bool, now_utc: datetime, expires_utc: datetime | None
    ) -> TokenView:
        """Keep a new token; AccessError where the account has one of that name, or too many."""
        try:
            tidy = checked_text(name, "token name")
        except RegistryError as error:
            raise AccessError(str(error)) from None
        with self._transaction(writes=True) as session:
            count_version(session)
            account_row(session, account)
            names = session.scalars(select(AccessTokenRow.name).where(AccessTokenRow.account == account)).all()
            if tidy in names:
                raise AccessError(f"there is a token {tidy!r} already: remove it first, or choose another name")
            if len(names) >= MOST_TOKENS:
                raise AccessError(f"this account has {MOST_TOKENS} tokens: remove one first")
            row = AccessTokenRow(
                id=draw_pseudonym(set(session.scalars(select(AccessTokenRow.id)))),
                account=account,
                name=tidy,
                digest=digest,
                reads_only=reads_only,
                made_utc=now_utc,
                expires_utc=expires_utc,
                used_utc=None,
            )
            session.add(row)
            return _token_view(row)

    def token(self, id_: str) -> KeptToken | None:
        """Return the token of an id with its account; None if it is gone."""
        query = select(AccessTokenRow, AccountRow).join(AccountRow, AccountRow.id == AccessTokenRow.account)
        with self._transaction(writes=False) as session:
            found = session.execute(query.where(AccessTokenRow.id == id_)).one_or_none()
            if found is None:
                return None
            return KeptToken(_token_view(found[0]), as_account(session, found[1]), found[0].digest)

    def saw_token(self, id_: str, now_utc: datetime) -> None:
        """Note that a token was used; one that is gone stays so."""
        with self._transaction(writes=True) as session:
            session.execute(update(AccessTokenRow).where(AccessTokenRow.id == id_).values(used_utc=now_utc))

    def tokens(self, account: str) -> list[TokenView]:
        """Tokens of an account, newest first, also those that have expired."""
        query = select(AccessTokenRow).where(AccessTokenRow.account == account)
        with self._transaction(writes=False) as session:
            account_row(session, account)
            rows = session.scalars(query.order_by(AccessTokenRow.made_utc.desc(), AccessTokenRow.id))
            return [_token_view(row) for row in rows]

    def remove_token(self, account: str, token: str) -> bool:
        """Remove a token of an account by its id; False if it has none of that id."""
        if not is_id(token):
            return False
        mine = and_(AccessTokenRow.account == account, AccessTokenRow.id == token)
        with self._transaction(writes=True) as session:
            count_version(session)
            return _rowcount(session, delete(AccessTokenRow).where(mine)) > 0


def _rowcount(session: Session, query: object) -> int:
    """Run a DELETE and return how many rows it took."""
    return int(session.connection().execute(query).rowcount)  # type: ignore[call-overload]


def _view(row: WebSessionRow) -> SessionView:
    return SessionView(row.id, row.made_utc, row.seen_utc, row.expires_utc)


def _token_view(row: AccessTokenRow) -> TokenView:
    return TokenView(row.id, row.name, row.reads_only, row.made_utc, row.expires_utc, row.used_utc)


__all__ = ["KeptSession", "KeptToken", "SignIns"]
