"""The time series: one contract (``model.ports.Store``), two stores; and the edge's outbox."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from sensor_hub.errors import ConfigError

if TYPE_CHECKING:
    from sensor_hub.model.ports import Movable

_FORMS: Final = (
    "sqlite:///FILE, a plain path, influx+v1://[USER:PASSWORD@]HOST[:PORT]/DATABASE "
    "or influx+v2://HOST[:PORT]/BUCKET?org=ORG (with a token); add tls=true for https"
)


def open_store(url: str, *, token: str | None = None) -> "Movable":
    """Open the store a URL names.

    Parameters
    ----------
    url : "sqlite:///relative/path", "sqlite:////absolute/path" or a plain path; "influx+v1://user:pw@host:port/db";
        "influx+v2://host:port/bucket?org=…". ``?tls=true`` asks for https.
    token : of an InfluxDB 2; never part of the URL.

    Raises
    ------
    ConfigError
        If the URL is none of these; its text never repeats a password.
    StoreError
        If the store cannot be opened.
    """
    if "://" not in url:
        return _open_sqlite(url)
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite":
        return _open_sqlite(rest.removeprefix("/"))
    if scheme not in {"influx+v1", "influx+v2"}:
        raise ConfigError(f"store: unknown kind {scheme!r}; write {_FORMS}")
    return _open_influx(url, token or "")


def _open_sqlite(path: str) -> "Movable":
    if not path or path == ":memory:":
        raise ConfigError(f"store: no file is named; write {_FORMS}")
    from sensor_hub.adapters.storage.sqlite import SqliteStore

    return SqliteStore(Path(path).expanduser())


@dataclass(frozen=True, slots=True)
class Address:
    """A database of an InfluxDB. server : http(s)://host:port. host_port : as in a URL."""

    api: Literal["v1", "v2"]
    server: str
    host_port: str
    database: str
    org: str
    tls: bool
    username: str
    password: str = field(repr=False)


def address_of(url: str) -> Address:
    """Return the parts of an ``influx+v1://`` or ``influx+v2://`` address; ConfigError, without secrets, otherwise."""
    scheme, there, _ = url.partition("://")
    if not there or scheme not in {"influx+v1", "influx+v2"}:
        raise ConfigError("store: only a server is set up: influx+v1://… or influx+v2://…; SQLite needs nothing")
    try:
        parts = urlsplit(url)
        port, host = parts.port or 8086, parts.hostname
    except ValueError:
        raise ConfigError(f"store {scheme}: its host or port is unusable; write {_FORMS}") from None
    database = unquote(parts.path.strip("/"))
    if not host or not database or "/" in database:
        raise ConfigError(f"store {scheme}: it needs a host and one database; write {_FORMS}")
    org, tls = _options(scheme, parts)
    if scheme == "influx+v2" and parts.username is not None:
        raise ConfigError("store influx+v2: it takes a token, not a user; set the token apart from the URL")
    host_port = f"{f'[{host}]' if ':' in host else host}:{port}"
    return Address(
        api="v1" if scheme == "influx+v1" else "v2",
        server=f"http{'s' if tls else ''}://{host_port}",
        host_port=host_port,
        database=database,
        org=org,
        tls=tls,
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _open_influx(url: str, token: str) -> "Movable":
    at = address_of(url)
    from sensor_hub.adapters.storage.influx import InfluxStore

    if at.api == "v1":
        return InfluxStore(at.server, database=at.database, username=at.username, password=at.password)
    return InfluxStore(at.server, database=at.database, api="v2", token=token, org=at.org)


def _options(scheme: str, parts: SplitResult) -> tuple[str, bool]:
    options = parse_qs(parts.query, keep_blank_values=True)
    extra = sorted(options.keys() - {"org", "tls"})
    tls = options.get("tls", ["false"])[-1].lower()
    if extra or tls not in {"true", "false"}:
        raise ConfigError(f"store {scheme}: only org=… and tls=true or false may follow '?'")
    return options.get("org", [""])[-1], tls == "true"


__all__ = ["Address", "address_of", "open_store"]
