import pytest

from sensor_hub.adapters.mqtt.address import BrokerAddress
from sensor_hub.errors import BrokerError


def test_a_url_is_taken_apart_and_its_escapes_undone() -> None:
    address = BrokerAddress.parse("mqtt://edge%40home:p%40ss%2Fword@broker.local:1884")
    assert address == BrokerAddress("broker.local", 1884, False, "edge@home", "p@ss/word")


@pytest.mark.parametrize(("url", "port", "tls"), [("mqtt://h", 1883, False), ("mqtts://h", 8883, True)])
def test_the_scheme_decides_port_and_encryption(url: str, port: int, tls: bool) -> None:
    assert BrokerAddress.parse(url) == BrokerAddress("h", port, tls)


def test_the_password_is_never_shown() -> None:
    address = BrokerAddress.parse("mqtt://edge:hunter2@h")
    assert str(address) == "mqtt://edge@h:1883"
    assert "hunter2" not in repr(address)


def test_an_ipv6_address_is_shown_as_it_is_written() -> None:
    assert str(BrokerAddress.parse("mqtts://[::1]:9000")) == "mqtts://[::1]:9000"


@pytest.mark.parametrize(
    "url",
    ["", "h", "http://edge:hunter2@h", "mqtt://edge:hunter2@", "mqtt://edge:hunter2@h:port", "mqtt://u:hunter2@[x"],
)
def test_a_url_that_is_none_is_an_error_that_does_not_repeat_the_password(url: str) -> None:
    with pytest.raises(BrokerError, match=r"write mqtt://user:password@host:port") as caught:
        BrokerAddress.parse(url)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None
