"""What several hubs on one registry share out: whom to judge, who does what alone, and who was told what.

Whatever is taken is taken for some seconds: who dies holding it loses it, and another one goes on. The seconds are
those of the registry's database, so the clocks of the hubs need not agree. Where that clock is set back, what lies too
far ahead of it counts as over: nobody waits an hour for a hub that died.
"""

import secrets
import time
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import case, delete, func, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from sensor_hub.adapters.registry.learned import Transaction
from sensor_hub.adapters.registry.work_tables import MARK_LENGTH, DueRow, LeaseRow, ToldRow
from sensor_hub.model.work import DueJudgement, FirstTelling

_ATHLETE: Final = "athlete:"
_TOO_LATE_S: Final = 7 * 86_400.0  # nobody wants to hear of it any more
_FORGOTTEN_S: Final = 86_400.0  # a lease that nobody holds any more
_LONGEST_S: Final = 60.0  # ours: nobody takes anything for so long at once


class Work:
    """The registry's part for work that is shared out. Every method is one transaction of its own, from any thread.

    holder : who asks; one hub may ask as several. for_s : how long it is theirs without another word.
    """

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    # --- whom to judge -----------------------------------------------------------------------------------------------

    def note(self, athletes: Iterable[DueJudgement]) -> None:
        """Note that these are to be judged; of one that is noted already the earlier day and the later end hold."""
        due = sorted(athletes, key=lambda one: one.athlete)  # in one order, or two hubs could wait for each other
        if not due:
            return
        with self._transaction(writes=True) as session:
            now_s = _now_s(session)
            new = _insert(session, DueRow)
            coming = new.excluded
            noted = new.on_conflict_do_update(
                index_elements=[DueRow.athlete],
                set_={
                    "since": case((coming.since < DueRow.since, coming.since), else_=DueRow.since),
                    "final": or_(DueRow.final, coming.final),
                    "mark": coming.mark,
                },
            )
            rows = [
                {
                    "athlete": one.athlete, "zone": one.zone, "simulated": one.simulated, "since": one.since,
                    "final": one.final, "mark": secrets.token_hex(MARK_LENGTH // 2), "noted_s": now_s,
                }
                for one in due
            ]  # fmt: skip
            # With RETURNING all rows go in one statement, also with a driver that would send them one by one.
            session.connection().execute(noted.returning(DueRow.__table__.c.athlete), rows)

    def take_due(self, holder: str, *, for_s: float, at_most: int, ripe_s: float = 0.0) -> list[DueJudgement]:
        """Return athletes that are due and in nobody's hands, longest waiting first; they are the holder's now.

        ripe_s : those of whom no session has ended wait so long first, as more will come.
        """
        with self._transaction(writes=False) as session:
            if session.scalar(select(func.count()).select_from(DueRow)) == 0:
                return []
        with self._transaction(writes=True) as session:
            now_s = _now_s(session)
            held = select(LeaseRow.name).where(_is_held(LeaseRow, now_s), LeaseRow.name.startswith(_ATHLETE))
            is_ripe = or_(DueRow.final, DueRow.noted_s <= now_s - ripe_s, DueRow.noted_s > now_s)
            query = (
                select(DueRow)
                .where((_ATHLETE + DueRow.athlete).not_in(held), is_ripe)
                .order_by(DueRow.noted_s, DueRow.athlete)
                .limit(at_most)
            )
            found = [row.as_model() for row in session.scalars(query)]
            return [one for one in found if _take(session, lease_of(one.athlete), holder, now_s, for_s)]

    def judged(self, due: DueJudgement, holder: str) -> bool:
        """Let go of an athlete who was judged; if something newer has come, they stay due and wait from now on.

        False if the holder did not have them any more: it was away for so long that another may have judged meanwhile,
        and what it judged may be older.
        """
        with self._transaction(writes=True) as session:
            had = _give_back(session, lease_of(due.athlete), holder)
            if had:
                session.execute(delete(DueRow).where(DueRow.athlete == due.athlete, DueRow.mark == due.mark))
                left = update(DueRow).where(DueRow.athlete == due.athlete)
                session.execute(left.values(noted_s=_now_s(session)))  # or they would always come before the others
            return had

    def n_due(self, *, older_s: float = 0.0) -> int:
        """Return how many athletes have waited so long to be judged, or are being judged."""
        with self._transaction(writes=False) as session:
            old = select(func.count()).select_from(DueRow).where(DueRow.noted_s <= _now_s(session) - older_s)
            return session.scalar(old) or 0

    # --- who does what alone -----------------------------------------------------------------------------------------

    def take(self, name: str, holder: str, *, for_s: float) -> bool:
        """Take something that one does at a time, or keep it longer; False while somebody else has it."""
        with self._transaction(writes=True) as session:
            return _take(session, name, holder, _now_s(session), for_s)

    def keep(self, held: Mapping[str, str], *, for_s: float) -> None:
        """Keep what is still held, by name with its holder, for longer."""
        if not held:
            return
        with self._transaction(writes=True) as session:
            now_s = _now_s(session)
            for name, holder in sorted(held.items()):
                mine = update(LeaseRow).where(LeaseRow.name == name, LeaseRow.holder == holder)
                session.execute(mine.values(until_s=now_s + for_s))
            session.execute(delete(LeaseRow).where(LeaseRow.until_s < now_s - _FORGOTTEN_S))

    def give_back(self, name: str, holder: str) -> None:
        """Let go of something; nothing happens if somebody else has it by now."""
        with self._transaction(writes=True) as session:
            _give_back(session, name, holder)

    def holder(self, name: str) -> str | None:
        """Return who holds something now."""
        with self._transaction(writes=False) as session:
            now_s = _now_s(session)
            return session.scalar(select(LeaseRow.holder).where(LeaseRow.name == name, _is_held(LeaseRow, now_s)))

    # --- what a person is told ---------------------------------------------------------------------------------------

    def expect(self, telling: FirstTelling) -> None:
        """Note that somebody is to be told, before anything else can tell that it happened."""
        with self._transaction(writes=True) as session:
            new = _insert(session, ToldRow).values(
                athlete=telling.athlete, rule=telling.rule, scope=telling.scope, finding=telling.finding,
                noted_s=_now_s(session), holder=None, until_s=0.0, told_s=None,
            )  # fmt: skip
            # what is to be told of a run may be another measure when it is judged again after a kill
            again = new.on_conflict_do_update(
                index_elements=[ToldRow.athlete, ToldRow.rule, ToldRow.scope],
                set_={"finding": new.excluded.finding},
                where=ToldRow.told_s.is_(None),
            )
            session.execute(again)

    def claim(self, telling: FirstTelling, holder: str, *, for_s: float) -> bool:
        """Return whether it is the holder who tells it now: nobody has, and nobody else is at it."""
        with self._transaction(writes=True) as session:
            now_s = _now_s(session)
            mine = (
                update(ToldRow)
                .where(*_is(telling), ToldRow.told_s.is_(None), ~_is_held(ToldRow, now_s))
                .values(holder=holder, until_s=now_s + for_s, finding=telling.finding)
                .returning(ToldRow.athlete)
            )
            return session.execute(mine).first() is not None

    def set_told(self, telling: FirstTelling) -> None:
        """Note that it was told: nobody tells it again."""
        with self._transaction(writes=True) as session:
            session.execute(update(ToldRow).where(*_is(telling)).values(told_s=_now_s(session), until_s=0.0))

    def untold(self, *, older_s: float) -> list[FirstTelling]:
        """Return what was to be told so long ago, and nobody has or is about to: who was to tell it is gone."""
        with self._transaction(writes=False) as session:
            now_s = _now_s(session)
            old = select(ToldRow).where(
                ToldRow.told_s.is_(None),
                ~_is_held(ToldRow, now_s),
                or_(ToldRow.noted_s < now_s - older_s, ToldRow.noted_s > now_s),
                ToldRow.noted_s > now_s - _TOO_LATE_S,
            )
            return [row.as_model() for row in session.scalars(old.order_by(ToldRow.noted_s))]


def lease_of(athlete: str) -> str:
    """Return the name under which one at a time judges an athlete."""
    return _ATHLETE + athlete


def forget_work(session: Session, athlete: str) -> None:
    """Let go of everything that is noted of somebody who is erased."""
    session.execute(delete(DueRow).where(DueRow.athlete == athlete))
    session.execute(delete(ToldRow).where(ToldRow.athlete == athlete))
    session.execute(delete(LeaseRow).where(LeaseRow.name == lease_of(athlete)))


def hand_over_work(session: Session, gone: str, kept: str) -> None:
    """Give what was told to one athlete to another; a merge judges their whole history, so nothing is due."""
    session.execute(delete(DueRow).where(DueRow.athlete == gone))
    there = {(row.rule, row.scope) for row in session.scalars(select(ToldRow).where(ToldRow.athlete == kept))}
    for row in session.scalars(select(ToldRow).where(ToldRow.athlete == gone)).all():
        if (row.rule, row.scope) in there:
            session.delete(row)
        else:
            row.athlete = kept
    session.flush()


def _is_held(table: type[LeaseRow] | type[ToldRow], now_s: float) -> Any:
    """Whether somebody has it still, who has said so at a moment that may have been."""
    return table.until_s.between(now_s, now_s + _LONGEST_S)


def _is(telling: FirstTelling) -> tuple[Any, ...]:
    return (
        ToldRow.athlete == telling.athlete,
        ToldRow.rule == telling.rule,
        ToldRow.scope == telling.scope,
    )


def _take(session: Session, name: str, holder: str, now_s: float, for_s: float) -> bool:
    new = _insert(session, LeaseRow).values(name=name, holder=holder, until_s=now_s + for_s)
    taken = new.on_conflict_do_update(
        index_elements=[LeaseRow.name],
        set_={"holder": new.excluded.holder, "until_s": new.excluded.until_s},
        where=or_(~_is_held(LeaseRow, now_s), LeaseRow.holder == holder),
    )
    return session.execute(taken.returning(LeaseRow.name)).first() is not None


def _give_back(session: Session, name: str, holder: str) -> bool:
    gone = delete(LeaseRow).where(LeaseRow.name == name, LeaseRow.holder == holder).returning(LeaseRow.name)
    return session.execute(gone).first() is not None


def _insert(session: Session, table: Any) -> Any:
    """An INSERT that can say what happens where the row is there; both databases can, each in its dialect."""
    return postgresql.insert(table) if session.get_bind().dialect.name == "postgresql" else sqlite.insert(table)


def _now_s(session: Session) -> float:
    """The database's clock: hubs on several machines agree on it. A SQLite file is on this machine.

    Read once the transaction has begun: whoever writes may have waited long for the others until then.
    """
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        return time.time()
    return float(connection.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one())


__all__ = ["Work", "forget_work", "hand_over_work", "lease_of"]
