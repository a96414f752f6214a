"""The broker's users: given and taken here, known to the embedded broker and to a mosquitto's files soon after."""

import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Final

from sensor_hub.adapters.mqtt.access_files import write_access
from sensor_hub.adapters.mqtt.address import BrokerAddress
from sensor_hub.adapters.mqtt.broker import EmbeddedBroker
from sensor_hub.adapters.mqtt.doorkeeper import Credential
from sensor_hub.adapters.mqtt.passwords import checked_password, draw_password, hash_password
from sensor_hub.adapters.mqtt.tls import is_loopback, server_context
from sensor_hub.adapters.mqtt.trial import Trial, try_out
from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.storage.outbox import Outbox
from sensor_hub.app.place import Place, broker_url, registry_in_use
from sensor_hub.config import Settings
from sensor_hub.errors import BrokerError, ConfigError, RegistryError
from sensor_hub.model.broker import BrokerUserKind, KnownUser
from sensor_hub.wire import Topics
from sensor_hub.wire.access import BrokerUser, acl_lines, checked_name

_LOG = logging.getLogger(__name__)
LOOK_S: Final = 2.0  # so soon a change made by another process holds


@dataclass(frozen=True, slots=True)
class Given:
    """A user, and the password they were given: shown once, and kept nowhere."""

    user: KnownUser
    password: str = field(repr=False)


class BrokerAccess:
    """Who may come to the broker of a hub; every refusal is an error meant for a person."""

    def __init__(self, registry: Registry, settings: Settings) -> None:
        self._registry, self._settings = registry, settings

    @classmethod
    @contextmanager
    def of(cls, settings: Settings) -> Iterator["BrokerAccess"]:
        """Open the registry of this machine for it."""
        url = registry_in_use(settings, Place.at(settings.data_dir))
        with Registry(url) as registry:
            yield cls(registry, settings)

    def users(self, *, also_retired: bool = False) -> list[KnownUser]:
        """Return gateways and readers by name."""
        return self._registry.gateways.all(also_retired=also_retired)

    def names(self) -> dict[str, str]:
        """Return what athletes are called, by pseudonym."""
        return {athlete.id: athlete.display_name for athlete in self._registry.athletes()}

    def add(
        self, name: str, kind: BrokerUserKind, *, athletes: Collection[str], everybody: bool, label: str = "",
        password: str | None = None,
    ) -> Given:  # fmt: skip
        """Add a gateway or a reader; ConfigError if it is not said whom it is about. password : None draws one."""
        checked_name(name)
        _checked_about(kind, athletes, everybody)
        given = draw_password() if password is None else checked_password(password)
        user = self._registry.gateways.add(
            name, kind, hash_password(given), athletes=athletes, everybody=everybody, label=label, now_utc=_now()
        )
        self.write_files()
        return Given(user, given)

    def set_password(self, name: str, password: str | None = None) -> Given:
        """Give a user another password."""
        given = draw_password() if password is None else checked_password(password)
        user = self._registry.gateways.set_password(name, hash_password(given))
        self.write_files()
        return Given(user, given)

    def set_athletes(self, name: str, athletes: Collection[str], *, everybody: bool) -> KnownUser:
        """Say whom a user is about; ConfigError if that is not said."""
        _checked_about("gateway", athletes, everybody)
        user = self._registry.gateways.set_athletes(name, athletes, everybody=everybody)
        self.write_files()
        return user

    def retire(self, name: str) -> KnownUser:
        """Let a user in no more."""
        user = self._registry.gateways.retire(name, _now())
        self.write_files()
        return user

    def acl(self) -> str:
        """Return the access lists for mosquitto, the hub's user among them."""
        known = self.users()
        return acl_lines([BrokerUser(self._hub_name(known), "hub"), *map(user_of, known)], self._settings.site)

    def write_to(self, folder: Path) -> tuple[int, bool]:
        """Write access lists and passwords for a mosquitto; return of how many users, and whether the hub is one.

        The hub's own password is that of the URL by which it reaches an external broker; without one it is left out.
        """
        users = self.users()
        self._hub_name(users)
        hub = hub_credential(self._settings)
        known = credentials(users)
        write_access(folder, [*known, *([hub] if hub else [])], self._settings.site)
        return len(known) + (hub is not None), hub is not None

    def write_files(self) -> None:
        """Write the files of the folder that the settings name, if they name one; a running hub does so as well."""
        if self._settings.mqtt_access_dir is not None:
            write_access(self._settings.mqtt_access_dir, credentials(self.users()), self._settings.site)

    def _hub_name(self, known: Sequence[KnownUser]) -> str:
        """Return the hub's own user; ConfigError if that is a gateway's or a reader's, who would get its rights."""
        url = self._settings.mqtt.get_secret_value()
        name = (BrokerAddress.parse(url).user if url else None) or "hub"
        if kinds := [user.kind for user in known if user.name == name]:
            raise ConfigError(
                f"SENSOR_HUB_MQTT connects as {name}, which is a {kinds[0]}, and would give it the hub's rights: set "
                "it to the URL of the hub's own user"
            )
        return name


class AccessKeeper:
    """Tells the embedded broker, or the files of an external one, who is known; looks every few seconds.

    So what another process gave, took, merged or erased holds soon, and without a restart.
    """

    def __init__(self, settings: Settings, registry: Registry, broker: EmbeddedBroker | None) -> None:
        self._settings, self._registry, self._broker = settings, registry, broker
        self._seen: list[KnownUser] | None = None
        self._said: str | None = None
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="broker-access", daemon=True)

    def start(self) -> None:
        """Tell what is known now, and look from then on; RegistryError or ConfigError if that cannot be."""
        if self._broker is None and self._settings.mqtt_access_dir is None:
            return
        self._look()
        self._thread.start()

    def stop(self) -> None:
        """Look no more; safe to call twice, or without a start."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_S):
            try:
                self._look()
                self._said = None
            except (RegistryError, ConfigError, BrokerError) as error:
                if str(error) != self._said:  # a registry may be away for hours
                    _LOG.warning("who may come to the broker could not be looked up: %s; tried again", error)
                self._said = str(error)

    def _look(self) -> None:
        users = self._registry.gateways.all()
        if users == self._seen:
            return
        known = credentials(users)
        if self._broker is not None:
            self._broker.know(known)
        if self._settings.mqtt_access_dir is not None:
            write_access(self._settings.mqtt_access_dir, known, self._settings.site)
        self._seen = users


def open_broker(settings: Settings, place: Place) -> EmbeddedBroker:
    """Return the embedded broker as the settings want it; ConfigError if it would be open to a network without TLS."""
    cert, key = settings.mqtt_cert, settings.mqtt_key
    if (cert is None) != (key is None):
        raise ConfigError("SENSOR_HUB_MQTT_CERT and SENSOR_HUB_MQTT_KEY go together: give both or neither")
    if cert is None and not is_loopback(settings.mqtt_host):
        raise ConfigError(
            f"the embedded broker would listen on {settings.mqtt_host} without TLS, and passwords would go over the "
            "network readable: give SENSOR_HUB_MQTT_CERT and SENSOR_HUB_MQTT_KEY (`sensor-hub tls init` makes them), "
            "or leave SENSOR_HUB_MQTT_HOST at 127.0.0.1"
        )
    tls = None if cert is None or key is None else server_context(cert, key)
    users = place.broker_users()
    return EmbeddedBroker(settings.mqtt_host, settings.mqtt_port, users=users, site=settings.site, tls=tls)


def try_credential(settings: Settings) -> tuple[Trial, str | None]:
    """Connect as the settings say, and tell what works; and which gateway this machine is, None if it is none."""
    place = Place.at(settings.data_dir)
    trial = try_out(broker_url(settings, place, "edge"), settings.site)
    return trial, gateway_id(settings) if place.outbox.exists() else None


def gateway_id(settings: Settings) -> str:
    """Return the id of this machine's gateway; it is drawn with its outbox, now if there is none yet."""
    outbox = Outbox(Place.at(settings.data_dir).outbox, Topics(settings.site))
    try:
        return outbox.gw
    finally:
        outbox.close()


def credentials(users: Sequence[KnownUser]) -> list[Credential]:
    """Return the users as a broker knows them."""
    return [Credential(user_of(user), user.password_hash) for user in users]


def user_of(known: KnownUser) -> BrokerUser:
    """Return a user with the rights of whom they are about, under every pseudonym a gateway may know."""
    return BrokerUser(known.name, known.kind, known.spoken, known.everybody)


def hub_credential(settings: Settings) -> Credential | None:
    """Return the hub's own user at an external broker; None where its URL has no user and password."""
    url = settings.mqtt.get_secret_value()
    address = BrokerAddress.parse(url) if url else None
    if address is None or not address.user or not address.password:
        return None
    return Credential(BrokerUser(address.user, "hub"), hash_password(address.password))


def _checked_about(kind: str, athletes: Collection[str], everybody: bool) -> None:
    if bool(athletes) == everybody:
        raise ConfigError(
            f"say whom the {kind} is about: --athlete NAME for each, which is the safest, or --everybody for all "
            "athletes of this hub, also those who come later" + ("; not both" if everybody else "")
        )


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


__all__ = [
    "LOOK_S", "AccessKeeper", "BrokerAccess", "Given", "credentials", "gateway_id", "hub_credential", "open_broker",
    "try_credential", "user_of",
]  # fmt: skip
