"""The broker's users in the registry: whom each is about, through merges and erasures too."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from sensor_hub.adapters.registry import Registry
from sensor_hub.errors import RegistryError
from sensor_hub.model.broker import KnownUser

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
HASH = "$7$20000$c2FsdA==$aGFzaA=="


@pytest.fixture
def registry(registry_url: str) -> Iterator[Registry]:
    with Registry(registry_url) as registry:
        registry.add_athlete("Ana", "UTC", pseudonym="aaaaaaaa")
        registry.add_athlete("Ben", "UTC", pseudonym="bbbbbbbb")
        yield registry


def add(registry: Registry, name: str = "edge-1", *athletes: str, everybody: bool = False) -> KnownUser:
    return registry.gateways.add(name, "gateway", HASH, athletes=athletes, everybody=everybody, now_utc=NOW)


def test_a_gateway_is_about_whom_it_was_given_by_name_or_pseudonym(registry: Registry) -> None:
    made = add(registry, "edge-1", "ana", "bbbbbbbb")
    assert (made.athletes, made.everybody, made.added_utc) == (("aaaaaaaa", "bbbbbbbb"), False, NOW)
    assert registry.gateways.all() == [made]


def test_an_unknown_athlete_adds_nobody(registry: Registry) -> None:
    with pytest.raises(RegistryError, match="no athlete 'Zed'"):
        add(registry, "edge-1", "Ana", "Zed")
    assert registry.gateways.all() == []


def test_a_name_is_given_once_and_again_after_it_was_retired(registry: Registry) -> None:
    add(registry, "edge-1", "Ana")
    with pytest.raises(RegistryError, match="edge-1 is a gateway already"):
        add(registry, "edge-1", "Ben")
    gone = registry.gateways.retire("edge-1", NOW)
    assert (gone.retired_utc, gone.password_hash) == (NOW, "")
    assert registry.gateways.all() == []
    assert [user.name for user in registry.gateways.all(also_retired=True)] == ["edge-1"]
    again = add(registry, "edge-1", "Ben")
    assert (again.athletes, again.retired_utc) == (("bbbbbbbb",), None)


@pytest.mark.parametrize("change", ["set_password", "set_athletes", "retire"])
def test_who_is_not_there_cannot_be_changed(registry: Registry, change: str) -> None:
    add(registry, "edge-1", everybody=True)
    arguments = {"set_password": ("edge-2", HASH), "set_athletes": ("edge-2",), "retire": ("edge-2", NOW)}[change]
    with pytest.raises(RegistryError, match="no user 'edge-2'"):
        getattr(registry.gateways, change)(*arguments)


def test_after_a_merge_a_gateway_speaks_for_who_remains_under_both_pseudonyms(registry: Registry) -> None:
    add(registry, "edge-1", "Ana", "Ben")
    add(registry, "edge-2", "Ana")
    registry.merge_athletes("Ana", "Ben")
    for user in registry.gateways.all():
        assert user.athletes == ("bbbbbbbb",)
        assert user.spoken == ("aaaaaaaa", "bbbbbbbb")


def test_a_gateway_of_somebody_who_was_erased_is_about_nobody_and_not_about_everybody(registry: Registry) -> None:
    add(registry, "edge-1", "Ana")
    registry.erasing.finish("aaaaaaaa")
    (left,) = registry.gateways.all()
    assert (left.athletes, left.spoken, left.everybody) == ((), (), False)


def test_what_is_kept_for_a_password_is_never_one_and_is_not_shown(registry: Registry) -> None:
    with pytest.raises(ValueError, match=r"\$7\$"):
        registry.gateways.set_password("edge-1", "hunter2")
    assert HASH not in repr(add(registry, "edge-1", "Ana"))
