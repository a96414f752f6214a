"""The page of a hub from its settings: who may sign in, by which names it is asked, what encrypts it."""

import ipaddress
import logging
from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter

from sensor_hub.adapters.web.server import WebServer
from sensor_hub.adapters.web.site import create_app
from sensor_hub.adapters.web.writing import WriteSide
from sensor_hub.app.speaking_to import speak_as
from sensor_hub.config import Settings
from sensor_hub.errors import ConfigError
from sensor_hub.model.access import Action
from sensor_hub.model.ports import Accounts, HubView

_LOG = logging.getLogger(__name__)
_LOOPBACK_NAMES: Final = frozenset(("localhost",))


def page_of(
    settings: Settings,
    view: HubView,
    writing: WriteSide,
    accounts: Accounts | None = None,
    extra_routers: Sequence[tuple[APIRouter, Action]] = (),
) -> WebServer:
    """Return the page, not started; ConfigError names the setting that does not do."""
    speak_as(settings)
    app = create_app(
        view, writing, accounts=accounts, extra_routers=extra_routers, allowed_hosts=listed(settings.web_names),
        proxies=proxies_of(settings.web_proxy),
    )  # fmt: skip
    server = WebServer(app, settings.web_host, settings.web_port, cert=settings.web_cert, key=settings.web_key)
    if settings.web_cert is None and not settings.web_proxy and not is_loopback(settings.web_host):
        _LOG.warning(
            "the page listens on %s without encryption: nobody can sign in from another machine, because a password "
            "would go in the clear (set web_cert and web_key, or web_proxy)",
            settings.web_host,
        )
    return server


def listed(text: str) -> list[str]:
    """Return what a setting names, separated by commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def proxies_of(text: str) -> list[str]:
    """Return addresses and networks of proxies; ConfigError of anything else: a name, or a star."""
    found = listed(text)
    for proxy in found:
        try:
            problem = f"{proxy} is everybody" if ipaddress.ip_network(proxy).prefixlen == 0 else ""
        except ValueError as error:
            problem = str(error)
        if problem:
            raise ConfigError(
                f"setting 'web_proxy': {problem} (give addresses or networks, such as 172.18.0.2 or 10.0.0.0/24)"
            )
    return found


def is_loopback(host: str) -> bool:
    """Whether a server that listens there is reached from this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in _LOOPBACK_NAMES
