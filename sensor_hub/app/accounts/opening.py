"""Accounts opened for a command, and the account that a hub makes at its first start."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.accounts.accounts import HubAccounts
from sensor_hub.app.place import Place
from sensor_hub.config import Settings
from sensor_hub.errors import AccessError, ConfigError
from sensor_hub.model.access import Account
from sensor_hub.model.ports import Accounts

FIRST_ADMIN: Final = "admin"


@contextmanager
def open_accounts(settings: Settings) -> Iterator[tuple[HubAccounts, dict[str, str]]]:
    """Open the accounts of the settings' registry; give them, and what athletes are called by pseudonym."""
    url = settings.registry.get_secret_value() or Place.at(settings.data_dir).registry_url
    with Registry(url) as registry:
        yield HubAccounts(registry), {athlete.id: athlete.display_name for athlete in registry.athletes()}


def make_first_admin(accounts: Accounts, settings: Settings) -> Account | None:
    """Make the account ``admin`` with the password of the settings if nobody has one; return it, or None.

    ConfigError if the password will not do. Where there is an account, the setting changes nothing.
    """
    password = settings.admin_password.get_secret_value()
    if not password or accounts.in_use():
        return None
    try:
        return accounts.add(FIRST_ADMIN, "admin", password)
    except AccessError as error:
        if accounts.in_use():  # another hub on this registry was first
            return None
        raise ConfigError(f"setting 'admin_password' (SENSOR_HUB_ADMIN_PASSWORD): {error}") from None


__all__ = ["FIRST_ADMIN", "make_first_admin", "open_accounts"]
