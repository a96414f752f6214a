"""How often somebody failed to sign in of late. Several hubs on one registry count together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import delete, select, update

from sensor_hub.adapters.registry.account_tables import AccountStateRow, SignInTriesRow
from sensor_hub.adapters.registry.learned import Transaction


@dataclass(frozen=True, slots=True)
class Tries:
    """How often somebody failed, when last, and when they may try again."""

    n: int
    last_utc: datetime
    until_utc: datetime


Counted: TypeAlias = Mapping[str, Tries]


class SignInTries:
    """The registry's part for failures to sign in, by subject: a digest of a name or of a peer."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def change(
        self,
        subjects: tuple[str, ...],
        becomes: Callable[[Counted], Mapping[str, Tries | None]],
        *,
        forget_before_utc: datetime | None = None,
    ) -> None:
        """Replace what is counted of these subjects by what ``becomes`` makes of it (None: nothing), undivided.

        becomes : told of subjects that something is counted of; it may raise, and then nothing has changed.
        forget_before_utc : what lies wholly before that goes, whosesoever it is.
        """
        with self._transaction(writes=True) as session:
            turn = update(AccountStateRow).where(AccountStateRow.what == "tries")
            session.execute(turn.values(number=AccountStateRow.number + 1))
            if forget_before_utc is not None:
                session.execute(delete(SignInTriesRow).where(SignInTriesRow.until_utc < forget_before_utc))
            query = select(SignInTriesRow).where(SignInTriesRow.subject.in_(subjects))
            rows = {row.subject: row for row in session.scalars(query)}
            found = {subject: Tries(row.n, row.last_utc, row.until_utc) for subject, row in rows.items()}
            for subject, tries in becomes(found).items():
                row = rows.get(subject)
                if tries is None:
                    if row is not None:
                        session.delete(row)
                elif row is None:
                    values = {"n": tries.n, "last_utc": tries.last_utc, "until_utc": tries.until_utc}
                    session.add(SignInTriesRow(subject=subject, **values))
                else:
                    row.n, row.last_utc, row.until_utc = tries.n, tries.last_utc, tries.until_utc


__all__ = ["Counted", "SignInTries", "Tries"]
