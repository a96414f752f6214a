"""Signing in and out: sessions that end, secrets that change, tokens, and what is refused."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.adapters.passwords import Passwords
from sensor_hub.app.accounts import HubAccounts
from sensor_hub.app.accounts.drawn import TOKEN_PREFIX, digest_of, draw, parts_of
from sensor_hub.errors import AccessError, SignInRefused
from tests.app.accounts.conftest import NOW_UTC, RIGHT, Door

PEER = "192.0.2.1"
OTHER = "green pencil jumping high"


def test_who_knows_the_password_is_let_in_and_known_by_the_secret(door: Door) -> None:
    signed_in = door.accounts.sign_in("ANA", RIGHT, peer=PEER)
    asker = door.accounts.asker_of_session(signed_in.secret)
    assert asker == signed_in.asker
    assert asker is not None
    assert (asker.kind, asker.via, asker.reads_only) == ("account", "session", False)
    assert asker.account is not None
    assert asker.account.athletes == (door.registry.athlete("Ana").id,)


@pytest.mark.parametrize(
    "password", ["", " " + RIGHT, RIGHT + " ", RIGHT.upper(), RIGHT + "\0", "x" * 100_000, "\ud800"]
)
def test_any_other_password_is_refused_as_a_name_is_that_nobody_has(door: Door, password: str) -> None:
    told = []
    for name in ("ana", "nobody", "", "a\0b", "\ud800", "x" * 100_000):
        with pytest.raises(SignInRefused) as refused:
            door.accounts.sign_in(name, password, peer=PEER)
        told.append((str(refused.value), refused.value.retry_after_s))
        assert password not in str(refused.value) or not password
    assert len(set(told)) == 1
    assert len(door.looked_at) == 6  # also of nobody: so that it takes as long


def test_a_disabled_account_is_refused_with_the_same_words_as_a_wrong_password(door: Door) -> None:
    with pytest.raises(SignInRefused) as wrong:
        door.accounts.sign_in("ana", OTHER, peer=PEER)
    door.accounts.change("ana", disabled=True)
    with pytest.raises(SignInRefused) as disabled:
        door.accounts.sign_in("ana", RIGHT, peer=PEER)
    assert str(disabled.value) == str(wrong.value)
    door.accounts.change("ana", disabled=False)
    door.accounts.sign_in("ana", RIGHT, peer=PEER)


def test_a_session_ends_when_it_is_not_used_for_half_a_day(door: Door) -> None:
    secret = door.accounts.sign_in("ana", RIGHT, peer=PEER).secret
    door.clock.sleep(hours=11, minutes=59)
    assert door.accounts.asker_of_session(secret) is not None
    door.clock.sleep(hours=11, minutes=59)
    assert door.accounts.asker_of_session(secret) is not None
    door.clock.sleep(hours=12)
    assert door.accounts.asker_of_session(secret) is None


def test_a_session_that_is_always_used_ends_after_thirty_days(door: Door) -> None:
    signed_in = door.accounts.sign_in("ana", RIGHT, peer=PEER)
    assert signed_in.expires_utc == NOW_UTC + timedelta(days=30)
    for _ in range(30 * 24 // 10 - 1):
        door.clock.sleep(hours=10)
        assert door.accounts.asker_of_session(signed_in.secret) is not None
    door.clock.sleep(hours=10)
    assert door.accounts.asker_of_session(signed_in.secret) is None
    assert door.accounts.sessions(signed_in.asker.account.id) == []  # type: ignore[union-attr]


def test_when_a_session_was_used_is_written_once_a_minute(door: Door) -> None:
    signed_in = door.accounts.sign_in("ana", RIGHT, peer=PEER)
    assert signed_in.asker.account is not None

    def seen() -> object:
        (view,) = door.accounts.sessions(signed_in.asker.account.id)  # type: ignore[union-attr]
        return view.seen_utc - NOW_UTC

    for slept_s, is_seen_s in ((59, 0), (1, 60), (30, 60), (30, 120)):
        door.clock.sleep(slept_s)
        assert door.accounts.asker_of_session(signed_in.secret) is not None
        assert seen() == timedelta(seconds=is_seen_s)


def test_who_signs_out_is_out_and_others_are_not(door: Door) -> None:
    first, second = (door.accounts.sign_in("ana", RIGHT, peer=PEER) for _ in range(2))
    assert first.secret != second.secret
    door.accounts.sign_out(first.secret)
    door.accounts.sign_out(first.secret)
    assert door.accounts.asker_of_session(first.secret) is None
    assert door.accounts.asker_of_session(second.secret) is not None


def test_one_browser_is_signed_out_by_its_id_and_only_by_its_own_account(door: Door) -> None:
    signed_in, chief = (door.accounts.sign_in(name, RIGHT, peer=PEER) for name in ("ana", "chief"))
    assert signed_in.asker.account is not None
    assert chief.asker.account is not None
    (view,) = door.accounts.sessions(signed_in.asker.account.id)
    with pytest.raises(AccessError, match="signed out already"):
        door.accounts.end_session(chief.asker.account.id, view.id)
    with pytest.raises(AccessError, match="signed out already"):
        door.accounts.end_session(chief.asker.account.id, "\ud800")
    door.accounts.end_session(signed_in.asker.account.id, view.id)
    assert door.accounts.asker_of_session(signed_in.secret) is None
    assert door.accounts.asker_of_session(chief.secret) is not None


def test_a_secret_that_is_nearly_right_opens_nothing(door: Door) -> None:
    account = door.accounts.known("ana").id
    session = door.accounts.sign_in("ana", RIGHT, peer=PEER).secret
    _, token = door.accounts.add_token(account, "t")
    for of, opens in ((session, door.accounts.asker_of_session), (token, door.accounts.asker_of_token)):
        assert opens(of) is not None
        other = "A" if of[-1] != "A" else "B"
        for near in (of[:-1] + other, of[:-1], of + "A", of.upper(), " " + of, of + "\n", "", of[:8]):
            assert opens(near) is None, near
        door.accounts.sign_out(of[:-1] + other)
        assert opens(of) is not None
    assert door.accounts.asker_of_session(token) is None
    assert door.accounts.asker_of_token(session) is None
    assert door.accounts.asker_of_token(TOKEN_PREFIX + session) is None


@given(st.text() | st.text("abcdefgh234567-_A", min_size=50, max_size=52))
def test_any_text_is_a_secret_or_none(sent: str) -> None:
    parts = parts_of(sent)
    assert parts is None or (len(parts[0]), len(parts[1]), "".join(parts)) == (8, 43, sent)


# --- passwords that change -------------------------------------------------------------------------------------------


def test_who_changes_their_password_stays_signed_in_here_with_a_new_secret_and_nowhere_else(door: Door) -> None:
    here, elsewhere = (door.accounts.sign_in("ana", RIGHT, peer=PEER) for _ in range(2))
    assert here.asker.account is not None
    again = door.accounts.change_own_password(here.asker.account.id, RIGHT, OTHER, peer=PEER, keep=here.secret)
    assert again is not None
    assert door.accounts.asker_of_session(again.secret) == here.asker
    assert door.accounts.asker_of_session(here.secret) is None
    assert door.accounts.asker_of_session(elsewhere.secret) is None
    assert again.expires_utc == here.expires_utc
    with pytest.raises(SignInRefused):
        door.accounts.sign_in("ana", RIGHT, peer=PEER)
    door.accounts.sign_in("ana", OTHER, peer=PEER)


@pytest.mark.parametrize("keep", ["", "no secret", None, "chief's"])
def test_a_secret_that_is_not_of_this_account_keeps_nobody_signed_in(door: Door, keep: str | None) -> None:
    here, chief = (door.accounts.sign_in(name, RIGHT, peer=PEER) for name in ("ana", "chief"))
    assert here.asker.account is not None
    kept = chief.secret if keep == "chief's" else keep
    assert door.accounts.change_own_password(here.asker.account.id, RIGHT, OTHER, peer=PEER, keep=kept) is None
    assert door.accounts.asker_of_session(here.secret) is None
    assert door.accounts.asker_of_session(chief.secret) is not None


def test_a_password_is_changed_by_whoever_knows_it_only_and_tried_as_often_as_at_the_door(door: Door) -> None:
    account = door.accounts.sign_in("ana", RIGHT, peer=PEER).asker.account
    assert account is not None
    for _ in range(5):
        with pytest.raises(SignInRefused):
            door.accounts.change_own_password(account.id, OTHER, "yellow door singing low", peer=PEER)
    with pytest.raises(SignInRefused, match="too many tries"):
        door.accounts.change_own_password(account.id, RIGHT, OTHER, peer=PEER)
    door.clock.sleep(2)
    with pytest.raises(AccessError, match="fewer than 12"):
        door.accounts.change_own_password(account.id, RIGHT, "short", peer=PEER)
    door.accounts.change_own_password(account.id, RIGHT, OTHER, peer=PEER)


def test_who_may_not_try_just_now_has_no_new_password_hashed_either(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = door.accounts.sign_in("ana", RIGHT, peer=PEER).asker.account
    assert account is not None
    hashed: list[str] = []

    def hashing(_self: Passwords, password: str) -> str:
        hashed.append(password)
        return "$never$"

    monkeypatch.setattr(Passwords, "hash", hashing)
    for _ in range(6):
        with pytest.raises(SignInRefused):
            door.accounts.change_own_password(account.id, OTHER, "yellow door singing low", peer=PEER)
    assert hashed == []


@pytest.mark.parametrize("password", ["short", "password1234", "ana ana ana ana"])
def test_a_password_that_is_too_easy_is_taken_nowhere(door: Door, password: str) -> None:
    account = door.accounts.known("ana").id
    with pytest.raises(AccessError):
        door.accounts.add("ana two", "runner", password, ["Ana"])
    with pytest.raises(AccessError):
        door.accounts.change("ana", password=password)
    with pytest.raises(AccessError):
        door.accounts.change_own_password(account, RIGHT, password, peer=PEER)
    door.accounts.sign_in("ana", RIGHT, peer=PEER)


def test_a_hash_of_another_cost_is_made_anew_when_its_password_is_known(door: Door) -> None:
    dearer = HubAccounts(door.registry, Passwords(), door.clock)

    def kept() -> str:
        return door.registry.accounts.named("ana").password_hash

    before, version = kept(), door.accounts.version()
    with pytest.raises(SignInRefused):
        dearer.sign_in("ana", OTHER, peer=PEER)
    assert kept() == before
    secret = dearer.sign_in("ana", RIGHT, peer=PEER).secret
    assert kept() != before
    assert not Passwords().is_outdated(kept())
    assert dearer.asker_of_session(secret) is not None
    assert dearer.version() > version


# --- rights that change ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes", [{"role": "coach", "athletes": ()}, {"disabled": True}, {"athletes": ["Ben"]}, {"password": OTHER}]
)
def test_what_an_account_may_changes_at_once(door: Door, changes: dict[str, object]) -> None:
    signed_in = door.accounts.sign_in("ana", RIGHT, peer=PEER)
    assert signed_in.asker.account is not None
    _, token = door.accounts.add_token(signed_in.asker.account.id, "t")
    before = door.accounts.version()
    changed = door.accounts.change("ana", **changes)  # type: ignore[arg-type]
    assert door.accounts.version() > before
    assert door.accounts.asker_of_session(signed_in.secret) is None
    asker = door.accounts.asker_of_token(token)
    assert (asker is None) == changed.disabled
    assert asker is None or asker.account == changed


def test_a_session_that_was_made_while_its_account_was_disabled_opens_nothing(door: Door) -> None:
    drawn = draw()
    door.accounts.change("ana", disabled=True)
    late = door.registry.sign_ins.add_session(
        door.accounts.known("ana").id, digest_of(drawn), NOW_UTC, NOW_UTC + timedelta(hours=1)
    )
    assert door.accounts.asker_of_session(late + drawn) is None
    door.registry.accounts.change("ana", disabled=False)
    assert door.accounts.asker_of_session(late + drawn) is None


def test_a_change_of_nothing_signs_nobody_out(door: Door) -> None:
    secret = door.accounts.sign_in("ana", RIGHT, peer=PEER).secret
    door.accounts.change("ana")
    assert door.accounts.asker_of_session(secret) is not None


# --- tokens ----------------------------------------------------------------------------------------------------------


def test_a_token_reads_only_unless_it_was_made_to_change_things(door: Door) -> None:
    account = door.accounts.known("ana").id
    for reads_only in (True, False):
        view, secret = door.accounts.add_token(account, f"t {reads_only}", reads_only=reads_only)
        assert secret.startswith(TOKEN_PREFIX + view.id)
        asker = door.accounts.asker_of_token(secret)
        assert asker is not None
        assert (asker.reads_only, asker.via) == (reads_only, "token")


def test_a_token_ends_on_its_day_or_when_it_is_removed(door: Door) -> None:
    account = door.accounts.known("ana").id
    _, short = door.accounts.add_token(account, "short", days=1)
    view, endless = door.accounts.add_token(account, "endless", days=None)
    assert view.expires_utc is None
    door.clock.sleep(days=1)
    assert door.accounts.asker_of_token(short) is None
    door.clock.sleep(days=10_000)
    assert door.accounts.asker_of_token(endless) is not None
    assert {token.name: token.used_utc for token in door.accounts.tokens(account)} == {
        "short": None, "endless": door.clock()
    }  # fmt: skip
    with pytest.raises(AccessError, match="no such token"):
        door.accounts.remove_token(door.accounts.known("chief").id, view.id)
    with pytest.raises(AccessError, match="no such token"):
        door.accounts.remove_token(account, "\ud800")
    door.accounts.remove_token(account, view.id)
    assert door.accounts.asker_of_token(endless) is None


@pytest.mark.parametrize("days", [0, -1, 3651])
def test_a_token_of_no_sensible_time_is_refused(door: Door, days: int) -> None:
    with pytest.raises(AccessError, match="1 to 3650 days"):
        door.accounts.add_token(door.accounts.known("ana").id, "t", days=days)


def test_a_token_has_a_name_that_its_account_has_once_and_there_is_an_end_of_them(door: Door) -> None:
    account = door.accounts.known("ana").id
    for n in range(50):
        door.accounts.add_token(account, f"t{n}")
    with pytest.raises(AccessError, match="50 tokens"):
        door.accounts.add_token(account, "one more")
    for name in ("t3", "", "x" * 81):
        with pytest.raises(AccessError):
            door.accounts.add_token(account, name)
    door.accounts.add_token(door.accounts.known("chief").id, "t3")
