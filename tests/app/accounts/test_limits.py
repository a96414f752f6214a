"""How often somebody may fail, with a clock that is set by hand."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.app.accounts.limits import LONGEST_S, peer_of, wait_s
from sensor_hub.errors import SignInRefused
from tests.app.accounts.conftest import RIGHT, Door

PEER, OTHER_PEER = "192.0.2.1", "198.51.100.7"


def fail(door: Door, name: str = "ana", peer: str = PEER) -> SignInRefused:
    with pytest.raises(SignInRefused) as refused:
        door.accounts.sign_in(name, "not the password", peer=peer)
    return refused.value


def waits_of(door: Door, n: int, name: str = "ana", peer: str = PEER) -> list[float]:
    """Fail so many times, each as soon as it may be tried; return what each was told to wait."""
    waits = []
    for _ in range(n):
        waits.append(fail(door, name, peer).retry_after_s)
        door.clock.sleep(waits[-1])
    return waits


@pytest.mark.parametrize("name", ["ana", "somebody who is not there"])
def test_a_name_waits_from_its_fifth_failure_on_and_longer_each_time(door: Door, name: str) -> None:
    assert waits_of(door, 17, name) == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]


def test_while_a_name_waits_no_password_is_looked_at_and_the_right_one_neither(door: Door) -> None:
    waits_of(door, 7)
    assert fail(door).retry_after_s == 8
    n = len(door.looked_at)
    door.clock.sleep(7.5)
    refused = fail(door)
    assert "too many tries" in str(refused)
    assert refused.retry_after_s == 0.5
    with pytest.raises(SignInRefused):
        door.accounts.sign_in("ana", RIGHT, peer=PEER)
    assert len(door.looked_at) == n
    door.clock.sleep(0.5)
    door.accounts.sign_in("ana", RIGHT, peer=PEER)


def test_whoever_asks_too_early_does_not_make_it_longer(door: Door) -> None:
    waits_of(door, 9)
    assert fail(door).retry_after_s == 32
    for _ in range(50):
        fail(door)
    door.clock.sleep(32)
    assert fail(door).retry_after_s == 64


def test_the_right_password_begins_anew_for_its_name(door: Door) -> None:
    waits_of(door, 8)
    door.accounts.sign_in("ana", RIGHT, peer=PEER)
    assert waits_of(door, 5) == [0, 0, 0, 0, 1]


def test_a_quarter_of_an_hour_of_quiet_begins_anew(door: Door) -> None:
    waits_of(door, 6)
    door.clock.sleep(15 * 60 - 3)
    assert waits_of(door, 1) == [4]
    door.clock.sleep(15 * 60 + 0.001)
    assert waits_of(door, 5) == [0, 0, 0, 0, 1]


def test_a_stranger_who_goes_on_guessing_locks_nobody_out(door: Door) -> None:
    waits_of(door, 16)
    fail(door)
    with pytest.raises(SignInRefused):
        door.accounts.sign_in("ana", RIGHT, peer=PEER)
    door.accounts.sign_in("ana", RIGHT, peer=OTHER_PEER)  # this one has not failed
    for _ in range(6):
        fail(door, "ana", peer=PEER)
        door.accounts.sign_in("ana", RIGHT, peer=OTHER_PEER)


def test_a_peer_that_failed_once_waits_with_the_name_too(door: Door) -> None:
    waits_of(door, 12)
    fail(door)
    assert fail(door, peer=OTHER_PEER).retry_after_s > 100
    with pytest.raises(SignInRefused, match="too many tries"):
        door.accounts.sign_in("ana", RIGHT, peer=OTHER_PEER)


def test_many_addresses_have_one_try_each_in_a_quarter_of_an_hour(door: Door) -> None:
    peers = [f"203.0.113.{n}" for n in range(30)]
    for _ in range(3):
        for peer in peers:
            fail(door, peer=peer)
    assert len(door.looked_at) <= len(peers) + 4


def test_a_peer_waits_from_its_twentieth_failure_on_whatever_names_it_tries(door: Door) -> None:
    waits = []
    for n in range(23):
        waits.append(fail(door, f"name {n}").retry_after_s)
        door.clock.sleep(waits[-1])
    assert waits == [0] * 19 + [1, 2, 4, 8]
    fail(door, "name 24")
    with pytest.raises(SignInRefused, match="too many tries"):
        door.accounts.sign_in("ana", RIGHT, peer=PEER)
    door.accounts.sign_in("ana", RIGHT, peer=OTHER_PEER)


def test_signing_in_oneself_does_not_let_a_peer_go_on_guessing_at_others(door: Door) -> None:
    for n in range(40):
        if n % 4 == 3:
            door.accounts.sign_in("ana", RIGHT, peer=PEER)
        elif fail(door, f"name {n}").retry_after_s:
            break
    assert n < 30


def test_neighbours_in_an_ipv6_network_are_one_peer(door: Door) -> None:
    for n in range(20):
        fail(door, f"name {n}", peer=f"2001:db8:1:2::{n:x}")
    with pytest.raises(SignInRefused, match="too many tries"):
        door.accounts.sign_in("ana", RIGHT, peer="2001:db8:1:2:ffff::1")
    door.accounts.sign_in("ana", RIGHT, peer="2001:db8:1:3::1")


@pytest.mark.parametrize(
    ("address", "peer"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::1"),
        ("", "no address"),
        ("testclient\nsigned in: account root", "no address"),
    ],
)
def test_a_peer_is_an_address_or_its_network_and_nothing_else(address: str, peer: str) -> None:
    assert peer_of(address) == peer


def test_a_clock_that_is_set_back_makes_nobody_wait_for_years(door: Door) -> None:
    waits_of(door, 12)
    fail(door)
    door.clock.now_utc -= timedelta(days=1000)
    door.accounts.sign_in("ana", RIGHT, peer=PEER)


def test_what_is_over_is_not_kept(door: Door) -> None:
    for n in range(30):
        fail(door, f"name {n}", peer=f"203.0.113.{n}")
    door.clock.sleep(hours=1)
    fail(door, "one more")
    assert len(door.registry.erasing.tables()["sign_in_tries"]) == 2


@given(st.integers(0, 10_000), st.integers(1, 50))
def test_a_wait_never_shrinks_and_never_grows_beyond_a_quarter_of_an_hour(n: int, free: int) -> None:
    assert 0 <= wait_s(n, free) <= wait_s(n + 1, free) <= LONGEST_S == 900
    assert (wait_s(n, free) == 0) == (n < free)
