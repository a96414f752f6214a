"""Where a broker is and who we are to it; the password shows up nowhere."""

from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import parse_qs, quote, unquote, urlsplit

from sensor_hub.errors import BrokerError

_PORTS: Final = {"mqtt": 1883, "mqtts": 8883}


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """A broker's address, as ``mqtt://user:password@host:port`` or ``mqtts://…`` (TLS) says it.

    ca : path of the certificate of the authority that speaks for the broker, from ``?ca=PATH``; None for those this
    machine trusts.
    """

    host: str
    port: int
    tls: bool = False
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca: str | None = None

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read a URL; BrokerError says what is wrong without repeating it, since it may hold a password."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise BrokerError("broker URL: the host or port is not one; write mqtt://user:password@host:port") from None
        if parts.scheme not in _PORTS or not parts.hostname:
            raise BrokerError("broker URL: write mqtt://user:password@host:port, or mqtts:// for TLS")
        return cls(
            host=parts.hostname,
            port=_PORTS[parts.scheme] if port is None else port,
            tls=parts.scheme == "mqtts",
            user=None if parts.username is None else unquote(parts.username),
            password=None if parts.password is None else unquote(parts.password),
            ca=next(iter(parse_qs(parts.query).get("ca", ())), None),
        )

    @staticmethod
    def with_ca(url: str, ca: str) -> str:
        """Return a URL that also says by whose certificate its broker is known; one that says so already, as it is."""
        parts = urlsplit(url)
        if parts.scheme != "mqtts" or "ca" in parse_qs(parts.query):
            return url
        return f"{url}{'&' if parts.query else '?'}ca={quote(ca, safe='')}"

    def __str__(self) -> str:
        """Return the URL without the password, and without whose certificate it is known by."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        user = "" if self.user is None else f"{self.user}@"
        return f"{'mqtts' if self.tls else 'mqtt'}://{user}{host}:{self.port}"
