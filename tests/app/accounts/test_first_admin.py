"""The account that a hub makes at its first start."""

import logging
from pathlib import Path

import pytest
from pydantic import SecretStr

from sensor_hub.adapters.passwords import Passwords
from sensor_hub.adapters.registry import Registry
from sensor_hub.app.accounts import HubAccounts
from sensor_hub.app.accounts.opening import make_first_admin
from sensor_hub.app.hub import Hub
from sensor_hub.app.place import Place
from sensor_hub.config import Settings
from sensor_hub.errors import ConfigError, SignInRefused
from tests.app.accounts.conftest import CHEAP, RIGHT, Door

PEER, OTHER = "192.0.2.1", "green pencil jumping high"


def settings_of(folder: Path, password: str) -> Settings:
    return Settings(data_dir=folder, mqtt_port=0, web_port=0, admin_password=SecretStr(password))


def test_a_hub_makes_it_once_and_a_later_start_changes_nothing(tmp_path: Path) -> None:
    for password in (RIGHT, OTHER, ""):
        hub = Hub(settings_of(tmp_path, password), Place.at(tmp_path))
        try:
            hub.start()
            (admin,) = hub.accounts.accounts()
            assert (admin.name, admin.role) == ("admin", "admin")
            hub.accounts.sign_in("admin", RIGHT, peer=PEER)
            with pytest.raises(SignInRefused):
                hub.accounts.sign_in("admin", OTHER, peer=PEER)
        finally:
            hub.stop()


def test_a_password_that_will_not_do_stops_the_hub_with_the_setting_named_and_nothing_left(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    hub = Hub(settings_of(tmp_path, "password1234"), Place.at(tmp_path))
    with pytest.raises(ConfigError, match=r"admin_password.*first that are tried") as refused:
        hub.start()
    assert "password1234" not in str(refused.value) + caplog.text + repr(hub.settings)
    with Registry(f"sqlite:///{tmp_path / 'registry.db'}") as registry:
        assert not registry.accounts.in_use()


def test_where_somebody_has_an_account_it_makes_none(door: Door, tmp_path: Path) -> None:
    before = door.accounts.accounts()
    assert make_first_admin(door.accounts, settings_of(tmp_path, RIGHT)) is None
    assert door.accounts.accounts() == before


def test_of_two_hubs_that_start_at_once_one_makes_it_and_the_other_goes_on(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, RIGHT)
    with Registry(f"sqlite:///{tmp_path / 'registry.db'}") as registry:
        first = HubAccounts(registry, Passwords(CHEAP))

        class Second(HubAccounts):
            def in_use(self) -> bool:
                """It looks, and then the other hub is faster."""
                was = super().in_use()
                make_first_admin(first, settings)
                return was

        assert make_first_admin(Second(registry, Passwords(CHEAP)), settings) is None
        assert len(first.accounts()) == 1
