"""What a hub or an edge talks to: broker, store, registry and page, each asked as the program would."""

import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from sensor_hub.adapters.mqtt.address import BrokerAddress
from sensor_hub.adapters.mqtt.client import Connection
from sensor_hub.adapters.mqtt.tls import is_loopback
from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.registry.addresses import file_of
from sensor_hub.adapters.registry.opening import is_newest
from sensor_hub.adapters.storage import open_store
from sensor_hub.adapters.storage.schema import VERSION as STORE_SCHEMA
from sensor_hub.app.doctor.check import Check
from sensor_hub.app.doctor.files import schema_of
from sensor_hub.app.place import Place, broker_url, registry_in_use
from sensor_hub.app.storing.ends import HERE, end_of
from sensor_hub.config import Settings
from sensor_hub.errors import BrokerError, SensorHubError

LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}
CONNECT_S: Final = 8.0
LATE_S: Final = 60.0  # hubs that share look twice a second
OLDER: Final = "a hub of this version brings it up when it starts (make a backup first: sensor-hub data backup)"


def look_at_broker(settings: Settings, place: Place | None, *, hub_runs: bool) -> Iterator[Check]:
    """Connect once with the program's own credentials, and look at what goes in the clear.

    place : the data folder, if it is there. hub_runs : whether a hub, and with it the embedded broker, runs here.
    """
    url = settings.mqtt.get_secret_value()
    if not url and hub_runs and place is not None:
        url = broker_url(settings, place, "edge")  # as an edge on this machine would, by TLS where it has it
    if not url:
        text = f"the embedded one, on {settings.mqtt_host} port {settings.mqtt_port}"
        if settings.mqtt_cert is None and not is_loopback(settings.mqtt_host):
            yield Check(
                "broker", "fail", f"{text}, without TLS: a hub refuses to start it",
                "set mqtt_cert and mqtt_key (sensor-hub tls init makes them)",
            )  # fmt: skip
        else:
            yield Check("broker", "ok", f"{text}: it comes with the hub, and none runs here")
        return
    try:
        address = BrokerAddress.parse(BrokerAddress.with_ca(url, str(settings.mqtt_ca)) if settings.mqtt_ca else url)
        begin_s = time.monotonic()
        _connect(address)
    except BrokerError as error:
        yield Check("broker", "fail", str(error), "see docs/mqtt-security.md")
        return
    yield Check("broker", "ok", f"{address} lets us in ({1000 * (time.monotonic() - begin_s):.0f} ms)")
    if not address.tls and address.host not in LOOPBACK:
        yield Check(
            "broker", "warn", f"the password for {address.host} goes over the network in the clear",
            "use mqtts:// (docs/mqtt-security.md)",
        )  # fmt: skip


def look_at_store(settings: Settings, root: Path) -> Iterator[Check]:
    """Open the store if it is there, and count what it keeps. One of an older version is left as it is."""
    end = end_of(HERE, settings, Place(root))
    if end.file is not None and not end.file.exists():
        yield Check("store", "ok", "nothing is stored here yet")
        return
    try:
        if end.file is not None and schema_of(end.file) < STORE_SCHEMA:
            yield Check("store", "warn", f"{end.file} is of an older version", OLDER)
            return
        token = settings.influx_token.get_secret_value() or None
        with closing(open_store(end.url, token=token)) as store:
            athletes, gateways = store.athletes(), store.gateways()
            letters = store.dead_letters()
            missing = sum(_missing(store.received(gw)) for gw in gateways)
    except SensorHubError as error:
        yield Check("store", "fail", str(error))
        return
    yield Check("store", "ok", f"answers; {len(athletes)} people, {len(gateways)} gateways")
    if missing:
        yield Check(
            "messages", "warn", f"{missing} numbers of gateways are not here (yet)",
            "they wait at their edges, or were let go of with an outbox: sensor-hub store gaps",
        )  # fmt: skip
    if letters:
        yield Check(
            "dead letters", "warn", f"{len(letters)} messages could not be used; the newest: {letters[-1].reason}",
            "an edge of another version? each is kept with its reason",
        )  # fmt: skip


def look_at_registry(settings: Settings, root: Path) -> Iterator[Check]:
    """Open the registry if it is there. One of an older version, or without tables, is left as it is."""
    url = registry_in_use(settings, Place(root))
    try:
        if not _is_there(url):
            yield Check("registry", "ok", "nobody is registered here yet")
            return
        if not is_newest(url):
            yield Check("registry", "warn", "its tables are not there yet, or of another version", OLDER)
            return
        with Registry(url) as registry:
            n_athletes, n_devices = len(registry.athletes()), len(registry.devices())
            n_late = registry.work.n_due(older_s=LATE_S)
    except SensorHubError as error:
        yield Check("registry", "fail", str(error))
        return
    yield Check("registry", "ok", f"answers; {n_athletes} athletes, {n_devices} sensors")
    if n_late:
        yield Check(
            "judging", "warn", f"{n_late} people have waited for more than {LATE_S:.0f} s to be judged",
            "is a hub running with SENSOR_HUB_SHARED? else its log says who cannot be judged, and why",
        )  # fmt: skip


def _is_there(url: str) -> bool:
    """Whether a registry's file is there; a server's database is taken to be."""
    file = file_of(url)
    return file is None or file.exists()


def n_accounts(settings: Settings, root: Path) -> int | None:
    """Return how many may sign in; None is unknown."""
    url = registry_in_use(settings, Place(root))
    with suppress(SensorHubError):
        if not _is_there(url):
            return 0
        if is_newest(url):
            with Registry(url) as registry:
                return len(registry.accounts.all())
    return None


def look_at_page(settings: Settings, hub_runs: bool) -> Iterator[Check]:
    """Look whether a hub's page answers, or whether its port is free for one."""
    host = "127.0.0.1" if settings.web_host in {"0.0.0.0", "::"} else settings.web_host  # noqa: S104 (compared only)
    with closing(socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)) as probing:
        probing.settimeout(2.0)
        answers = probing.connect_ex((host, settings.web_port)) == 0
    if hub_runs == answers:
        yield Check(
            "page", "ok", "a hub runs here and its port answers" if hub_runs else f"port {settings.web_port} is free"
        )
    elif answers:
        yield Check(
            "page", "warn", f"something else listens on {host} port {settings.web_port}",
            "stop it, or choose another port: sensor-hub hub --port",
        )  # fmt: skip
    else:
        yield Check("page", "unknown", f"a hub runs here, and not on port {settings.web_port}; ask with its --port")


def _connect(address: BrokerAddress) -> None:
    """Connect and leave, under a name of its own, so that nobody's session is taken over."""
    connection = Connection(
        address,
        f"doctor-{secrets.token_hex(4)}",
        on_up=lambda: None,
        on_message=lambda _generation, _message: None,
        window=10,
        session_expiry_s=0,
        quiet=True,
    )
    connection.start()
    try:
        connection.wait_connected(CONNECT_S)
    finally:
        connection.stop()


def _missing(ranges: list[tuple[int, int]]) -> int:
    """Numbers below the last one that are not among the ranges; an edge numbers from 1."""
    if not ranges:
        return 0
    return max(0, ranges[-1][1] - sum(last - first + 1 for first, last in ranges if last > 0))
