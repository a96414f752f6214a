"""The time series: one contract (``model.ports.Store``), two stores; and the edge's outbox."""

from pathlib import Path
from typing import TYPE_CHECKING, Final
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
    return _open_influx(scheme, url, token or "")


def _open_sqlite(path: str) -> "Movable":
    if not path or path == ":memory:":
        raise ConfigError(f"store: no file is named; write {_FORMS}")
    from sensor_hub.adapters.storage.sqlite import SqliteStore

    return SqliteStore(Path(path).expanduser())


def _open_influx(scheme: str, url: str, token: str) -> "Movable":
    try:
        parts = urlsplit(url)
        port, host = parts.port or 8086, parts.hostname
    except ValueError:
        raise ConfigError(f"store {scheme}: its host or port is unusable; write {_FORMS}") from None
    database = unquote(parts.path.strip("/"))
    if not host or not database or "/" in database:
        raise ConfigError(f"store {scheme}: it needs a host and one database; write {_FORMS}")
    org, tls = _options(scheme, parts)
    server = f"http{'s' if tls else ''}://{f'[{host}]' if ':' in host else host}:{port}"
    from sensor_hub.adapters.storage.influx import InfluxStore

    if scheme == "influx+v1":
        return InfluxStore(
            server, database=database, username=unquote(parts.username or ""), password=unquote(parts.password or "")
        )
    if parts.username is not None:
        raise ConfigError("store influx+v2: it takes a token, not a user; set the token apart from the URL")
    return InfluxStore(server, database=database, api="v2", token=token, org=org)


def _options(scheme: str, parts: SplitResult) -> tuple[str, bool]:
    options = parse_qs(parts.query, keep_blank_values=True)
    extra = sorted(options.keys() - {"org", "tls"})
    tls = options.get("tls", ["false"])[-1].lower()
    if extra or tls not in {"true", "false"}:
        raise ConfigError(f"store {scheme}: only org=… and tls=true or false may follow '?'")
    return options.get("org", [""])[-1], tls == "true"


__all__ = ["open_store"]
