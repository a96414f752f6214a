"""Accounts on a file and on a PostgreSQL: who may be what, who is left when somebody goes, and two hubs at once."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from sensor_hub.adapters.passwords import Cost, Passwords
from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.registry.sign_in_tries import Counted, Tries
from sensor_hub.app.accounts import HubAccounts
from sensor_hub.errors import AccessError, SignInRefused
from sensor_hub.model.access import Account

NOW_UTC = datetime(2026, 11, 22, 8, tzinfo=UTC)
LATER_UTC = NOW_UTC + timedelta(hours=1)
RIGHT, WRONG = "blue kettle running far", "red kettle running far"


@pytest.fixture
def registry(registry_url: str) -> Iterator[Registry]:
    with Registry(registry_url) as opened:
        for name in ("Ana", "Ben", "Cem"):
            opened.add_athlete(name, "UTC")
        yield opened


@pytest.fixture
def chief(registry: Registry) -> Account:
    return registry.accounts.add("Chief", "admin", (), "hash-of-chief", NOW_UTC)


def ids(registry: Registry, *names: str) -> tuple[str, ...]:
    return tuple(sorted(registry.athlete(name).id for name in names))


def test_the_first_account_is_an_admins(registry: Registry) -> None:
    assert not registry.accounts.in_use()
    for role in ("runner", "coach"):
        with pytest.raises(AccessError, match="first account has to be an admin's"):
            registry.accounts.add("ana", role, ["Ana"], "h", NOW_UTC)
    assert not registry.accounts.in_use()
    chief = registry.accounts.add("  Chief  Of ", "admin", (), "h", NOW_UTC)
    assert registry.accounts.in_use()
    assert registry.accounts.all() == [chief] == [Account(chief.id, "Chief Of", "admin", (), NOW_UTC)]


def test_an_account_is_found_in_any_case_and_its_name_is_given_once(registry: Registry, chief: Account) -> None:
    for name in ("chief", "CHIEF", " ｃｈｉｅｆ "):
        kept = registry.accounts.find(name)
        assert kept is not None
        assert (kept.account, kept.password_hash) == (chief, "hash-of-chief")
        assert "hash-of-chief" not in repr(kept)
        with pytest.raises(AccessError, match="choose another name"):
            registry.accounts.add(name, "coach", (), "h", NOW_UTC)
    assert registry.accounts.find("chef") is None
    with pytest.raises(AccessError, match="did you mean 'Chief'"):
        registry.accounts.named("chef")


@pytest.mark.parametrize(
    ("role", "athletes", "says"),
    [
        ("runner", (), "of one athlete, and 0 are named"),
        ("runner", ("Ana", "Ben"), "of one athlete, and 2 are named"),
        ("admin", ("Ana",), "of no athlete"),
        ("coach", ("Ana", "Dora"), "no athlete 'Dora'"),
        ("owner", (), "not one of runner, coach, admin"),
    ],
)
def test_what_an_account_cannot_be_is_refused_and_leaves_nothing(
    registry: Registry, chief: Account, role: str, athletes: tuple[str, ...], says: str
) -> None:
    before = registry.accounts.version()
    with pytest.raises(AccessError, match=says):
        registry.accounts.add("new", role, athletes, "h", NOW_UTC)  # type: ignore[arg-type]
    assert registry.accounts.all() == [chief]
    assert registry.accounts.version() == before


@pytest.mark.parametrize("name", ["", "  ", "a\x00b", "x" * 81])
def test_a_name_that_is_none_is_refused(registry: Registry, name: str) -> None:
    with pytest.raises(AccessError):
        registry.accounts.add(name, "admin", (), "h", NOW_UTC)
    assert registry.accounts.all() == []


def test_a_coach_is_of_those_named_or_of_everybody(registry: Registry, chief: Account) -> None:
    some = registry.accounts.add("some", "coach", ["Ben", "ana", "Ana"], "h", NOW_UTC)
    assert some.athletes == ids(registry, "Ana", "Ben")
    assert registry.accounts.add("all", "coach", (), "h", NOW_UTC).athletes == ()
    assert registry.accounts.change("some", athletes=()).athletes == ()
    assert registry.accounts.change("some", athletes=["Cem"]).athletes == ids(registry, "Cem")


def test_a_role_comes_with_whom_it_is_about(registry: Registry, chief: Account) -> None:
    registry.accounts.add("ana", "runner", ["Ana"], "h", NOW_UTC)
    with pytest.raises(AccessError, match="say whose data a coach is let in for"):
        registry.accounts.change("ana", role="coach")
    coach = registry.accounts.change("ana", role="coach", athletes=["Ben"])
    assert (coach.role, coach.athletes) == ("coach", ids(registry, "Ben"))
    admin = registry.accounts.change("ana", role="admin")
    assert (admin.role, admin.athletes) == ("admin", ())
    with pytest.raises(AccessError, match="say whose data a runner"):
        registry.accounts.change("ana", role="runner")


@pytest.mark.parametrize("how", ["remove", "disable", "demote"])
def test_the_last_admin_who_can_sign_in_stays(registry: Registry, chief: Account, how: str) -> None:
    registry.accounts.add("second", "admin", (), "h", NOW_UTC)
    registry.accounts.change("second", disabled=True)

    def go(name: str) -> object:
        if how == "remove":
            return registry.accounts.remove(name)
        if how == "disable":
            return registry.accounts.change(name, disabled=True)
        return registry.accounts.change(name, role="coach", athletes=())

    with pytest.raises(AccessError, match="the last admin"):
        go("chief")
    assert registry.accounts.named("chief").account == chief
    registry.accounts.change("second", disabled=False)
    go("chief")
    with pytest.raises(AccessError, match="the last admin"):
        go("second")


def test_any_change_ends_the_sessions_of_that_account_and_of_no_other(registry: Registry, chief: Account) -> None:
    ana = registry.accounts.add("ana", "runner", ["Ana"], "h", NOW_UTC)
    for changes in ({"disabled": True}, {"disabled": False}, {"athletes": ["Ben"]}, {"password_hash": "new"}):
        mine, other = (registry.sign_ins.add_session(who.id, "d", NOW_UTC, LATER_UTC) for who in (ana, chief))
        before = registry.accounts.version()
        registry.accounts.change("ana", **changes)
        assert registry.accounts.version() > before
        assert registry.sign_ins.session(mine) is None
        assert registry.sign_ins.session(other) is not None


def test_an_account_that_is_removed_takes_sessions_and_tokens_with_it(registry: Registry, chief: Account) -> None:
    ana = registry.accounts.add("ana", "runner", ["Ana"], "h", NOW_UTC)
    session = registry.sign_ins.add_session(ana.id, "d", NOW_UTC, LATER_UTC)
    token = registry.sign_ins.add_token(ana.id, "t", "d", reads_only=True, now_utc=NOW_UTC, expires_utc=None)
    assert registry.accounts.remove("ANA") == ana
    assert registry.sign_ins.session(session) is None
    assert registry.sign_ins.token(token.id) is None
    assert not any(ana.id in map(str, row) for rows in registry.erasing.tables().values() for row in rows)
    for gone in (registry.sign_ins.tokens, registry.accounts.of_id):
        with pytest.raises(AccessError, match="not there any more"):
            gone(ana.id)


# --- people who go, and people who are merged ------------------------------------------------------------------------


def test_of_somebody_erased_the_runners_account_goes_and_a_coach_of_theirs_does_not_become_everybodys(
    registry: Registry, chief: Account
) -> None:
    (ana,) = ids(registry, "Ana")
    runner = registry.accounts.add("ana", "runner", ["Ana"], "h", NOW_UTC)
    registry.sign_ins.add_session(runner.id, "d", NOW_UTC, LATER_UTC)
    registry.sign_ins.add_token(runner.id, "t", "d", reads_only=True, now_utc=NOW_UTC, expires_utc=None)
    both = registry.accounts.add("both", "coach", ["Ana", "Ben"], "h", NOW_UTC)
    registry.accounts.add("hers", "coach", ["Ana"], "h", NOW_UTC)
    before = registry.accounts.version()
    registry.erasing.begin([ana])
    registry.erasing.finish(ana)
    left = {account.name: account for account in registry.accounts.all()}
    assert left.keys() == {"Chief", "both", "hers"}
    assert (left["both"].athletes, left["both"].disabled) == (ids(registry, "Ben"), False)
    assert left["both"].id == both.id
    assert (left["hers"].athletes, left["hers"].disabled) == ((), True)
    assert registry.accounts.version() > before
    with pytest.raises(AccessError, match="say first whom they coach"):
        registry.accounts.change("hers", disabled=False)
    back = registry.accounts.change("hers", athletes=["Cem"])
    assert (back.athletes, back.disabled) == (ids(registry, "Cem"), False)


def test_accounts_of_two_athletes_who_are_one_are_of_that_one(registry: Registry, chief: Account) -> None:
    registry.accounts.add("ana", "runner", ["Ana"], "h", NOW_UTC)
    registry.accounts.add("coach of both", "coach", ["Ana", "Ben"], "h", NOW_UTC)
    registry.accounts.add("coach of ana", "coach", ["Ana", "Cem"], "h", NOW_UTC)
    registry.merge_athletes("Ana", "Ben")
    found = {account.name: account.athletes for account in registry.accounts.all()}
    assert found == {
        "Chief": (),
        "ana": ids(registry, "Ben"),
        "coach of both": ids(registry, "Ben"),
        "coach of ana": ids(registry, "Ben", "Cem"),
    }


def test_an_athlete_who_is_renamed_keeps_their_account(registry: Registry, chief: Account) -> None:
    before = registry.accounts.add("ana", "runner", ["Ana"], "h", NOW_UTC)
    registry.set_athlete("Ana", name="Anna Maria")
    assert registry.accounts.named("ana").account == before


# --- several hubs on one registry ------------------------------------------------------------------------------------


def at_once(*calls: object) -> list[BaseException | None]:
    """Call all of them at the same moment; return what each raised."""
    start, raised = threading.Barrier(len(calls)), [None] * len(calls)

    def run(n: int, call: object) -> None:
        start.wait(10)
        try:
            call()  # type: ignore[operator]
        except AccessError as error:
            raised[n] = error  # type: ignore[call-overload]

    threads = [threading.Thread(target=run, args=(n, call)) for n, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return list(raised)


@pytest.mark.parametrize("round_", range(3))
def test_of_two_admins_who_remove_each_other_at_once_one_stays(
    registry: Registry, registry_url: str, chief: Account, round_: int
) -> None:
    registry.accounts.add("second", "admin", (), "h", NOW_UTC)
    with Registry(registry_url) as other:
        raised = at_once(lambda: registry.accounts.remove("second"), lambda: other.accounts.remove("chief"))
    assert [type(error) for error in raised].count(AccessError) == 1
    assert len(registry.accounts.all()) == 1


def test_of_two_first_admins_of_one_name_one_is_made(registry: Registry, registry_url: str) -> None:
    with Registry(registry_url) as other:
        raised = at_once(*(
            lambda book=hub.accounts: book.add("admin", "admin", (), "h", NOW_UTC) for hub in (registry, other)
        ))  # fmt: skip
    assert [type(error) for error in raised].count(AccessError) == 1
    assert len(registry.accounts.all()) == 1


def test_failures_that_several_hubs_count_at_once_are_all_counted(registry: Registry, registry_url: str) -> None:
    def one_more(counted: Counted) -> Counted:
        before = counted.get("subject")
        return {"subject": Tries(1 if before is None else before.n + 1, NOW_UTC, LATER_UTC)}

    with Registry(registry_url) as other:
        hubs = [hub.sign_in_tries for hub in (registry, other) * 5]
        at_once(*(lambda hub=hub: [hub.change(("subject",), one_more) for _ in range(4)] for hub in hubs))
    seen: list[int] = []

    def look(counted: Counted) -> Counted:
        seen.extend(tries.n for tries in counted.values())
        return {}

    registry.sign_in_tries.change(("subject",), look)
    assert seen == [40]


def test_a_name_that_is_guessed_at_through_two_hubs_is_looked_at_five_times(
    registry: Registry, registry_url: str, chief: Account
) -> None:
    looked: list[str] = []

    class Watched(Passwords):
        def is_right(self, password: str, kept: str | None) -> bool:
            looked.append(password)
            return super().is_right(password, kept)

    passwords = Watched(Cost(passes=1, memory_kib=8))
    with Registry(registry_url) as other:
        doors = [HubAccounts(hub, passwords, lambda: NOW_UTC) for hub in (registry, other)]
        raised = at_once(*(
            lambda door=doors[n % 2], n=n: door.sign_in("Chief", f"guess {n}", peer="192.0.2.1") for n in range(12)
        ))  # fmt: skip
    assert [type(error) for error in raised] == [SignInRefused] * 12
    assert len(looked) == 5


def test_who_signs_in_at_one_hub_is_known_to_another_and_signed_out_of_both(
    registry: Registry, registry_url: str
) -> None:
    passwords = Passwords(Cost(passes=1, memory_kib=8))
    with Registry(registry_url) as second:
        here, there = (HubAccounts(hub, passwords) for hub in (registry, second))
        here.add("Chief", "admin", RIGHT)
        with pytest.raises(SignInRefused):
            there.sign_in("chief", WRONG, peer="192.0.2.1")
        signed_in = there.sign_in("chief", RIGHT, peer="192.0.2.1")
        assert here.asker_of_session(signed_in.secret) == signed_in.asker
        before = there.version()
        here.sign_out(signed_in.secret)
        assert there.version() > before
        assert there.asker_of_session(signed_in.secret) is None
