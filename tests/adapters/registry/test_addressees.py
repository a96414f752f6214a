"""Who is told, and what is on its way to them: kept once, taken by one, gone with whom it is about."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.registry.addressees import MOST
from sensor_hub.errors import RegistryError
from sensor_hub.model.notifying import Addressee, Notification

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
ANA, BEN = "aaaaaaaa", "bbbbbbbb"
URL = "json://s3cret@host/x"


@pytest.fixture
def registry(registry_url: str) -> Iterator[Registry]:
    with Registry(registry_url) as registry:
        registry.add_athlete("Ana", "UTC", pseudonym=ANA)
        registry.add_athlete("Ben", "UTC", pseudonym=BEN)
        yield registry


def add(registry: Registry, label: str = "phone", **more: object) -> Addressee:
    return registry.addressees.add(URL, label, "Europe/Berlin", now_utc=NOW, **more)  # type: ignore[arg-type]


def coach(registry: Registry, name: str, *athletes: str) -> str:
    if not registry.accounts.in_use():
        registry.accounts.add("boss", "admin", (), "hash", NOW)
    return registry.accounts.add(name, "coach", athletes, "hash", NOW).id


def message(addressee: Addressee, about: str = "session-limit|session:s1", athlete: str = ANA) -> Notification:
    return Notification(addressee.id, about, athlete, NOW, NOW)


def test_an_addressee_is_kept_as_it_was_added(registry: Registry) -> None:
    added = add(registry, athlete="ana", quiet_from=time(21, 30), quiet_until=time(6), numbers=True)
    assert (added.athlete, added.account, added.url, added.zone) == (ANA, None, URL, "Europe/Berlin")
    assert (added.quiet_from, added.quiet_until, added.numbers) == (time(21, 30), time(6), True)
    assert registry.addressees.of_athlete("Ana") == registry.addressees.all() == [added]
    assert registry.addressees.find(added.id) == added
    assert "s3cret" not in repr(added)


@pytest.mark.parametrize("odd", ["", "zz", "a" * 8, "\0" * 8, "ä" * 8])
def test_what_is_no_id_is_nobody(registry: Registry, odd: str) -> None:
    assert registry.addressees.find(odd) is None
    registry.addressees.remove(odd)


def test_what_cannot_be_is_refused_without_the_address(registry: Registry) -> None:
    add(registry, athlete="Ana")
    for more, url, zone in [
        ({"athlete": "Zed"}, URL, "UTC"), ({"athlete": "Ana"}, URL, "UTC"),
        ({"athlete": "Ana", "label": "x"}, URL, "Mars"), ({"athlete": "Ana", "label": ""}, URL, "UTC"),
        ({"account": "gone2345"}, URL, "UTC"),
        ({"athlete": "Ana", "label": "x"}, "json://s3cret" + "x" * 2000, "UTC"),
    ]:  # fmt: skip
        with pytest.raises(RegistryError) as refused:
            registry.addressees.add(url, more.pop("label", "phone"), zone, now_utc=NOW, **more)  # type: ignore[arg-type]
        assert "s3cret" not in str(refused.value)
    assert len(registry.addressees.all()) == 1


def test_a_person_has_so_many_and_no_more(registry: Registry) -> None:
    for n in range(MOST):
        add(registry, f"phone {n}", athlete="Ana")
    with pytest.raises(RegistryError, match="enough for one person"):
        add(registry, "one more", athlete="Ana")
    add(registry, athlete="Ben")


def test_news_of_somebody_concern_themselves_and_those_who_coach_them(registry: Registry) -> None:
    everybodys, bens, anas = coach(registry, "all"), coach(registry, "of ben", "Ben"), coach(registry, "of ana", "Ana")
    mine, other = add(registry, athlete="Ana"), add(registry, athlete="Ben")
    coachs = {account: add(registry, account=account) for account in (everybodys, bens, anas)}
    hubs = add(registry)
    assert {one.id for one in registry.addressees.for_news_of(ANA)} == {
        mine.id, coachs[everybodys].id, coachs[anas].id, hubs.id,
    }  # fmt: skip
    assert other.id in {one.id for one in registry.addressees.for_news_of(BEN)}
    assert registry.addressees.of_coach(None) == [hubs]
    assert registry.addressees.of_coach(bens) == [coachs[bens]]


def test_a_message_is_written_once_whatever_became_of_it(registry: Registry) -> None:
    book, one = registry.notifications, add(registry, athlete="Ana")
    assert book.make([message(one), message(one)]) == 1
    (due,) = book.due(NOW)
    assert book.claim(due, NOW + timedelta(minutes=3))
    book.set_sent(due, NOW)
    assert book.make([message(one)]) == 0
    assert book.make([message(one, "session-limit|session:s2")]) == 1
    assert [m.about for m in book.due(NOW)] == ["session-limit|session:s2"]
    book.drop(book.due(NOW)[0], NOW, "withdrawn")
    assert book.due(NOW + timedelta(days=9)) == []
    assert {(m.about, m.problem) for m in book.of(one.id)} == {
        ("session-limit|session:s1", None), ("session-limit|session:s2", "withdrawn"),
    }  # fmt: skip


def test_only_one_of_two_takes_a_message_and_after_a_while_it_is_anybodys(registry: Registry) -> None:
    book, one = registry.notifications, add(registry, athlete="Ana")
    book.make([message(one)])
    (seen_by_both,) = book.due(NOW)
    assert book.claim(seen_by_both, NOW + timedelta(minutes=3))
    assert not book.claim(seen_by_both, NOW + timedelta(minutes=3))
    assert book.due(NOW + timedelta(minutes=2)) == []
    (again,) = book.due(NOW + timedelta(minutes=3))
    assert again.n_tries == 1
    assert book.claim(again, NOW + timedelta(minutes=9))


def test_a_message_to_nobody_or_about_nobody_is_not_written(registry: Registry) -> None:
    one = add(registry, athlete="Ana")
    gone = replace(one, id="gone2345")
    assert registry.notifications.make([message(gone), message(one, athlete="zzzzzzzz")]) == 0


def test_of_two_runners_the_same_is_told_of_each(registry: Registry) -> None:
    book, coachs = registry.notifications, add(registry, account=coach(registry, "cem"))
    about = "week-limit|week:2026-11-16"
    assert book.make([message(coachs, about), message(coachs, about, BEN)]) == 2
    anas, bens = book.due(NOW)
    assert (anas.athlete, bens.athlete) == (ANA, BEN)
    assert book.claim(anas, NOW + timedelta(minutes=3))
    book.set_sent(anas, NOW)
    assert [m.athlete for m in book.due(NOW)] == [BEN]
    book.take_back(anas)  # it has gone: that is not taken back
    book.take_back(bens)
    assert [m.athlete for m in book.of(coachs.id)] == [ANA]


def test_a_problem_that_is_too_long_is_cut(registry: Registry) -> None:
    one = add(registry, athlete="Ana")
    registry.notifications.make([message(one)])
    registry.notifications.put_off(registry.notifications.due(NOW)[0], NOW, "x" * 999)
    assert len(registry.notifications.of(one.id)[0].problem or "") == 255


def test_who_is_erased_is_told_nothing_more_and_nobody_is_told_of_them(registry: Registry) -> None:
    account = coach(registry, "cem")
    mine, coachs, bens = add(registry, athlete="Ana"), add(registry, account=account), add(registry, athlete="Ben")
    registry.notifications.make([message(mine), message(coachs), message(bens, athlete=BEN)])
    registry.erasing.finish(ANA)
    assert {one.id for one in registry.addressees.all()} == {coachs.id, bens.id}
    assert [m.athlete for m in registry.notifications.due(NOW)] == [BEN]


def test_an_address_goes_with_its_account(registry: Registry) -> None:
    account = coach(registry, "cem")
    registry.notifications.make([message(add(registry, account=account))])
    registry.accounts.remove("cem")
    assert registry.addressees.all() == []
    assert registry.notifications.n_open() == 0


def test_merged_athletes_keep_their_addresses_and_are_told_nothing_twice(registry: Registry) -> None:
    of_ana, of_ben = add(registry, athlete="Ana"), add(registry, athlete="Ben")
    registry.notifications.make([message(of_ana)])
    registry.merge_athletes("Ana", "Ben")
    kept = registry.addressees.of_athlete("Ben")
    assert {one.id for one in kept} == {of_ana.id, of_ben.id}
    assert len({one.label for one in kept}) == 2
    assert [m.athlete for m in registry.notifications.due(NOW)] == [BEN]
    assert registry.notifications.make([message(of_ana, athlete=BEN)]) == 0


def test_what_a_coach_was_told_of_both_is_told_of_the_one_they_became(registry: Registry) -> None:
    book, coachs = registry.notifications, add(registry, account=coach(registry, "cem"))
    book.make([message(coachs), message(coachs, athlete=BEN), message(coachs, "red-flag|2026-11-20")])
    registry.merge_athletes("Ana", "Ben")
    assert {(m.athlete, m.about) for m in book.of(coachs.id)} == {
        (BEN, "session-limit|session:s1"), (BEN, "red-flag|2026-11-20"),
    }  # fmt: skip


def test_names_that_meet_in_a_merge_are_no_longer_than_any(registry: Registry) -> None:
    for who in ("Ana", "Ben"):
        add(registry, "x" * 80, athlete=who)
    registry.merge_athletes("Ana", "Ben")
    assert {len(one.label) for one in registry.addressees.of_athlete("Ben")} == {80}


def test_an_address_that_is_removed_takes_what_waits_for_it(registry: Registry) -> None:
    one = add(registry, athlete="Ana")
    registry.notifications.make([message(one)])
    registry.addressees.remove(one.id)
    assert registry.notifications.n_open() == 0
    assert registry.addressees.all() == []
