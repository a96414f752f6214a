"""Rows of accounts inside a transaction that somebody else has begun."""

import time

from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.orm import Session

from sensor_hub.adapters.registry.account_tables import (
    AccessTokenRow,
    AccountAthleteRow,
    AccountRow,
    AccountStateRow,
    WebSessionRow,
)
from sensor_hub.adapters.registry.tables import ID_LENGTH
from sensor_hub.errors import AccessError
from sensor_hub.model.access import Account


def count_version(session: Session) -> None:
    """Make the version a number it never was; first of all in a transaction, so that writers take turns.

    It follows the clock, so that it is another one also after an older copy of the registry was put back.
    """
    session.flush()
    version = AccountStateRow.what == "version"
    session.execute(update(AccountStateRow).where(version).values(number=AccountStateRow.number + 1))
    now_ms = time.time_ns() // 1_000_000
    behind = and_(version, AccountStateRow.number < now_ms)
    session.execute(update(AccountStateRow).where(behind).values(number=now_ms))


def as_account(session: Session, row: AccountRow) -> Account:
    """Return the account as the rest of the program knows it; a coach of people who are all gone is disabled."""
    query = select(AccountAthleteRow.athlete).where(AccountAthleteRow.account == row.id)
    athletes = tuple(sorted(session.scalars(query)))
    alone = row.role != "admin" and not row.everybody and not athletes
    return Account(row.id, row.name, row.role, athletes, row.created_utc, row.disabled or alone)


def account_row(session: Session, account: str) -> AccountRow:
    """Return the row of an id; AccessError if it is gone."""
    row = session.get(AccountRow, account) if is_id(account) else None
    if row is None:
        raise AccessError("this account is not there any more")
    return row


def is_id(text: str) -> bool:
    """Whether a text can be an id: what cannot is asked of no database, which may not even take it."""
    return len(text) == ID_LENGTH and text.isascii() and text.isalnum()


def delete_account(session: Session, account: str) -> None:
    """Delete an account with all that belongs to it."""
    for table in (WebSessionRow, AccessTokenRow, AccountAthleteRow):
        session.execute(delete(table).where(table.account == account))
    session.execute(delete(AccountRow).where(AccountRow.id == account))


def forget_accounts_of(session: Session, athlete: str) -> None:
    """Remove the runner's accounts of somebody who is forgotten; coaches of theirs are left with the others."""
    of_them = select(AccountAthleteRow.account).where(AccountAthleteRow.athlete == athlete)
    named = session.execute(select(AccountRow.id, AccountRow.role).where(AccountRow.id.in_(of_them))).all()
    if not named:
        return
    count_version(session)
    for account, role in named:
        if role == "runner":
            delete_account(session, account)
        else:
            session.execute(delete(WebSessionRow).where(WebSessionRow.account == account))
    session.execute(delete(AccountAthleteRow).where(AccountAthleteRow.athlete == athlete))


def hand_over_accounts(session: Session, gone: str, kept: str) -> None:
    """Let accounts of one athlete be of another, once: whoever had both has the one."""
    both = select(AccountAthleteRow.account).where(AccountAthleteRow.athlete == kept)
    of_gone = AccountAthleteRow.athlete == gone
    has_both = set(session.scalars(both))
    accounts = session.scalars(select(AccountAthleteRow.account).where(of_gone)).all()
    if not accounts:
        return
    count_version(session)
    session.execute(delete(AccountAthleteRow).where(of_gone))
    session.add_all(AccountAthleteRow(account=a, athlete=kept) for a in accounts if a not in has_both)
    session.flush()


def is_left_alone(session: Session, row: AccountRow) -> bool:
    """Whether everybody whom a runner's or a coach's account is about has gone."""
    n = session.scalar(select(func.count()).where(AccountAthleteRow.account == row.id)) or 0
    return row.role != "admin" and not row.everybody and n == 0


def keep_an_admin(session: Session) -> None:
    """Raise AccessError where no admin would be left who can sign in."""
    session.flush()
    admins = and_(AccountRow.role == "admin", AccountRow.disabled.is_(False))
    if not session.scalar(select(func.count()).select_from(AccountRow).where(admins)):
        raise AccessError("this is the last admin who can sign in: make somebody else an admin first")


__all__ = [
    "account_row",
    "as_account",
    "count_version",
    "delete_account",
    "forget_accounts_of",
    "hand_over_accounts",
    "is_id",
    "is_left_alone",
    "keep_an_admin",
]
