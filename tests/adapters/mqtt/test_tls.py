"""TLS as a client meets it: what goes wrong is said with its mend, on a real handshake each."""

import logging
import re
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sensor_hub.adapters import certificates
from sensor_hub.adapters.mqtt.address import BrokerAddress
from sensor_hub.adapters.mqtt.broker import EmbeddedBroker
from sensor_hub.adapters.mqtt.doorkeeper import Credential, Doorkeeper
from sensor_hub.adapters.mqtt.passwords import hash_password
from sensor_hub.adapters.mqtt.retained import Retained
from sensor_hub.adapters.mqtt.subscriber import Subscriber
from sensor_hub.adapters.mqtt.tls import is_loopback, server_context, why
from sensor_hub.adapters.mqtt.trial import try_out
from sensor_hub.errors import BrokerError, ConfigError
from sensor_hub.wire.access import BrokerUser

PATIENCE_S = 20.0
NOW = datetime.now(UTC).replace(microsecond=0)


def made(folder: Path, *names: str, at_utc: datetime = NOW, days: int = 825) -> Path:
    certificates.init(folder, names or ("hub.test",), days=days, now_utc=at_utc)
    return folder


@contextmanager
def broker(tls: Path | None) -> Iterator[EmbeddedBroker]:
    context = None if tls is None else server_context(tls / "server.crt", tls / "server.key")
    running = EmbeddedBroker(port=0, users={"hub": "secret"}, site="home", tls=context)
    running.start()
    try:
        yield running
    finally:
        running.stop()


def url(running: EmbeddedBroker, ca: Path | None, *, host: str = "localhost", scheme: str = "mqtts") -> str:
    plain = f"{scheme}://hub:secret@{host}:{running.port}"
    return plain if ca is None else BrokerAddress.with_ca(plain, str(ca / "ca.crt"))


def refusal(address: str, within_s: float = PATIENCE_S) -> str:
    """What a subscriber and a look at what is retained say of it."""
    client = Subscriber(address, "c", [], lambda _batch: None)
    client.start()
    try:
        with pytest.raises(BrokerError) as said:
            client.wait_connected(within_s)
    finally:
        client.stop()
    with pytest.raises(BrokerError) as also, Retained.of(address):
        pass
    assert str(also.value) == str(said.value)
    assert "secret" not in str(said.value)
    return str(said.value)


def test_a_client_that_knows_the_authority_talks_through_tls(tmp_path: Path) -> None:
    tls = made(tmp_path / "tls")
    with broker(tls) as running:
        trial = try_out(url(running, tls), "home")
        assert (trial.user, trial.heard) == ("hub", True)
        assert trial.tls is not None
        assert trial.tls.startswith("TLSv1.3")
        inner = try_out(f"mqtt://hub:secret@127.0.0.1:{running.inner_port}", "home")
        assert (inner.tls, inner.heard) == (None, True)


@pytest.mark.parametrize(
    ("certificate", "ca", "host", "said"),
    [
        (lambda p: made(p / "a", at_utc=NOW - timedelta(days=40), days=30), "a", "localhost", "has expired.*tls renew"),
        (lambda p: made(p / "a", at_utc=NOW + timedelta(days=2)), "a", "localhost", "not valid yet.*clock"),
        (lambda p: made(p / "a"), None, "localhost", "authority unknown here.*SENSOR_HUB_MQTT_CA"),
        (lambda p: made(p / "a") and made(p / "b") and p / "a", "b", "localhost", "authority unknown here"),
    ],
    ids=["expired", "not yet", "unknown authority", "another authority"],
)
def test_each_fault_of_a_certificate_is_said_with_its_mend(
    tmp_path: Path, certificate: Callable[[Path], Path], ca: str | None, host: str, said: str
) -> None:
    with broker(certificate(tmp_path)) as running:
        told = refusal(url(running, None if ca is None else tmp_path / ca, host=host))
    assert re.search(said, told), told


def test_a_certificate_for_another_name_is_refused_by_name_and_by_address(tmp_path: Path) -> None:
    other = made(tmp_path / "tls", "hub.test")
    with broker(other) as running:
        for host in ("127.0.0.2", "localhost.localdomain"):
            try:
                socket.getaddrinfo(host, running.port)
            except OSError:
                continue
            address = BrokerAddress.parse(url(running, other, host=host))
            error = _handshake(running.port, other, host)
            assert f"certificate is not for '{host}'" in str(why(error, address))
            assert f"--name {host}" in str(why(error, address))


def _handshake(port: int, tls: Path, host: str) -> OSError:
    context = ssl.create_default_context(cafile=str(tls / "ca.crt"))
    with socket.create_connection(("127.0.0.1", port)) as raw, pytest.raises(ssl.SSLCertVerificationError) as told:
        context.wrap_socket(raw, server_hostname=host)
    return told.value


def test_tls_to_a_port_without_it_and_none_to_a_port_with_it_are_told_apart(tmp_path: Path) -> None:
    tls = made(tmp_path / "tls")
    with broker(None) as running:
        assert "8883" in refusal(url(running, tls), within_s=1.0)  # it may be starting: tried on
    with broker(tls) as running:
        client = Subscriber(url(running, None, scheme="mqtt", host="127.0.0.1"), "c", [], lambda _batch: None)
        client.start()
        with pytest.raises(BrokerError, match=r"without TLS\?|broke"):
            client.wait_connected(2.0)
        client.stop()


def test_an_authority_that_cannot_be_read_is_named_at_once(tmp_path: Path) -> None:
    with broker(None) as running:
        client = Subscriber(BrokerAddress.with_ca(url(running, None), "/nowhere/ca.crt"), "c", [], lambda _batch: None)
        client.start()
        with pytest.raises(BrokerError, match=r"/nowhere/ca.crt, cannot be read: No such file"):
            client.wait_connected(PATIENCE_S)
        client.stop()


def test_a_key_that_does_not_fit_or_has_a_password_is_a_setting_that_cannot_be(tmp_path: Path) -> None:
    one, other = made(tmp_path / "a"), made(tmp_path / "b")
    for cert, key in (
        (one / "server.crt", other / "server.key"),
        (one / "server.crt", one / "none"),
        (one / "none", one / "server.key"),
    ):
        with pytest.raises(ConfigError, match="tls init"):
            server_context(cert, key)


def test_a_password_that_goes_over_a_network_readable_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    for host, warned in (("hub.test", 1), ("127.0.0.1", 0), ("localhost", 0), ("[::1]", 0)):
        caplog.clear()
        Subscriber(f"mqtt://hub:secret@{host}:1", "c", [], lambda _batch: None)
        Subscriber(f"mqtts://hub:secret@{host}:1", "c", [], lambda _batch: None)
        said = [record.getMessage() for record in caplog.records if "readable" in record.getMessage()]
        assert len(said) == warned, host
        assert "secret" not in "".join(said)


def test_which_addresses_leave_this_machine() -> None:
    assert [is_loopback(host) for host in ("127.0.0.1", "127.9.9.9", "::1", "localhost", "LOCALHOST")] == [True] * 5
    assert [is_loopback(host) for host in ("0.0.0.0", "::", "192.168.1.2", "hub.local", "")] == [False] * 5  # noqa: S104


# --- the doorkeeper --------------------------------------------------------------------------------------------------


def test_a_refusal_is_logged_once_a_user_and_a_topic(caplog: pytest.LogCaptureFixture) -> None:
    door = Doorkeeper({"hub": "secret"}, "home")
    for _ in range(3):
        door.say_refused("edge-1", "publish to", "a/b")
    door.say_refused("edge-1", "publish to", "a/c")
    door.say_refused("edge-1", "publish to", "a" * 65535)
    assert len(caplog.records) == 3
    assert all(len(record.getMessage()) < 400 for record in caplog.records)
    assert all(record.levelno == logging.WARNING for record in caplog.records)


def test_who_tries_a_credential_out_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    tls = made(tmp_path / "tls")
    with broker(tls) as running, pytest.raises(BrokerError, match="check user and password"):
        try_out(url(running, tls).replace("hub:secret", "hub:wrong"), "home")
    assert caplog.records == []


def test_nobody_takes_the_place_of_this_machines_own_programs() -> None:
    door = Doorkeeper({"hub": "secret", "edge": "other"}, "home")
    door.know([Credential(BrokerUser("hub", "reader"), hash_password("stolen"))])
    assert door.lets_in("hub", "secret")
    assert not door.lets_in("hub", "stolen")
    assert door.allows("hub", "write", "sensorhub/v1/home/ack/edge-1")
    assert not door.lets_in("hub", None)
    assert not door.lets_in(None, "secret")
    assert door.token("somebody") is None


def test_a_password_that_changes_while_it_is_looked_at_lets_nobody_in(tmp_path: Path) -> None:
    tls, old = made(tmp_path / "tls"), Credential(BrokerUser("edge-1", "gateway"), hash_password("old"))
    with broker(tls) as running:
        running.know([old])
        door, looked = running._door, Doorkeeper.lets_in

        def changes_meanwhile(name: str | None, password: str | None) -> bool:
            answer = looked(door, name, password)
            door.know([Credential(old.user, hash_password("new"))])
            return answer

        door.lets_in = changes_meanwhile  # type: ignore[method-assign]
        with pytest.raises(BrokerError, match="check user and password"):
            try_out(url(running, tls).replace("hub:secret", "edge-1:old"), "home")


def test_a_credential_does_not_show_what_is_kept_of_the_password() -> None:
    kept = hash_password("x")
    assert kept not in repr(Credential(BrokerUser("edge-1", "gateway"), kept))
