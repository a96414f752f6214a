"""The one table of rights, cell by cell against one that is written out by hand."""

from datetime import UTC, datetime
from itertools import chain, combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.model.access import (
    HUB_ACTIONS,
    NOBODY,
    OPERATOR,
    PERSON_ACTIONS,
    READING,
    ROLES,
    Account,
    Action,
    Asker,
    Role,
    may,
)
from sensor_hub.model.diary import ConsentCategory
from tests.access_table import CHANGES, OF_HUB, OF_PERSONS, expected

ACTIONS: tuple[Action, ...] = (*PERSON_ACTIONS, *HUB_ACTIONS)
CATEGORIES: tuple[ConsentCategory, ...] = ("load", "pain", "medication")
CONSENTS = [frozenset(some) for some in chain.from_iterable(combinations(CATEGORIES, n) for n in range(4))]
HERE = ("aaaaaaaa", "bbbbbbbb", "cccccccc")
WHO = (*HERE, None)
NOW_UTC = datetime(2026, 11, 22, tzinfo=UTC)


def account(role: Role, athletes: tuple[str, ...] = (), *, disabled: bool = False) -> Account:
    return Account("zzzzzzzz", "somebody", role, athletes, NOW_UTC, disabled)


ACCOUNTS = [
    (account("runner", HERE[:1]), HERE[:1]),
    (account("coach", HERE[:1]), HERE[:1]),
    (account("coach", HERE[:2]), HERE[:2]),
    (account("coach"), HERE),
    (account("admin"), ()),
]


def test_every_action_and_role_has_a_cell_by_hand() -> None:
    assert set(OF_PERSONS) == set(PERSON_ACTIONS)
    assert set(OF_HUB) == set(HUB_ACTIONS)
    assert {len(cells.split()) for cells in (OF_PERSONS | OF_HUB).values()} == {len(ROLES)}
    assert set(READING) == set(ACTIONS) - CHANGES


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(("who", "mine"), ACCOUNTS, ids=("runner", "coach", "coach-of-two", "coach-of-all", "admin"))
def test_every_cell_is_as_written_by_hand(who: Account, mine: tuple[str, ...], action: Action) -> None:
    for athlete, consents, reads_only in product(WHO, CONSENTS, (False, True)):
        asker = Asker("account", who, reads_only, "token" if reads_only else "session")
        told = may(asker, action, athlete, consents)
        assert told == expected(who.role, action, athlete, mine, consents, reads_only), (athlete, consents, reads_only)


@pytest.mark.parametrize("action", ACTIONS)
def test_nobody_and_the_disabled_may_nothing_and_the_operator_everything(action: Action) -> None:
    shut_out = [NOBODY, Asker("account"), Asker("nobody", account("admin"))]
    shut_out += [Asker("account", account(who.role, who.athletes, disabled=True)) for who, _ in ACCOUNTS]
    for athlete, consents in product(WHO, CONSENTS):
        assert not any(may(asker, action, athlete, consents) for asker in shut_out)
        assert may(OPERATOR, action, athlete, consents)


def test_an_action_that_is_in_no_table_is_refused() -> None:
    for who, _ in ACCOUNTS:
        for athlete in WHO:
            assert not may(Asker("account", who), "see-everything", athlete, CATEGORIES)  # type: ignore[arg-type]


ASKED = {
    "role": st.sampled_from(ROLES),
    "athletes": st.lists(st.sampled_from(HERE), unique=True).map(tuple),
    "action": st.sampled_from(ACTIONS),
    "athlete": st.sampled_from(WHO),
    "consents": st.sampled_from(CONSENTS),
}


@given(**ASKED)
def test_a_token_that_reads_may_never_more_than_its_account(
    role: Role, athletes: tuple[str, ...], action: Action, athlete: str | None, consents: frozenset[ConsentCategory]
) -> None:
    who = account(role, athletes)
    if may(Asker("account", who, reads_only=True), action, athlete, consents):
        assert may(Asker("account", who), action, athlete, consents)
        assert action not in CHANGES


@given(**ASKED)
def test_a_consent_taken_back_never_lets_anybody_see_more(
    role: Role, athletes: tuple[str, ...], action: Action, athlete: str | None, consents: frozenset[ConsentCategory]
) -> None:
    who = Asker("account", account(role, athletes))
    if not may(who, action, athlete, CATEGORIES):
        assert not may(who, action, athlete, consents)
    if not may(who, action, athlete, consents):
        assert not may(who, action, athlete)
