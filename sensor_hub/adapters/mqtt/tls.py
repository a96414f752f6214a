"""TLS of the broker's connections: what each side asks for, and what each failure means to a person."""

import ipaddress
import ssl
from pathlib import Path
from typing import Final

from sensor_hub.adapters.mqtt.address import BrokerAddress
from sensor_hub.errors import BrokerError, ConfigError

# OpenSSL's numbers (x509_vfy.h) of what can be wrong with a certificate
_NOT_YET, _EXPIRED, _WRONG_NAME, _WRONG_IP = 9, 10, 62, 64
_UNKNOWN_CA: Final = frozenset({2, 18, 19, 20, 21, 24})
_NO_TLS: Final = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG"})


def client_context(ca: str | None) -> ssl.SSLContext:
    """Return what a client asks of a broker: TLS 1.2 at least, a certificate by ``ca``, and the host's name in it.

    ca : path of the authority's certificate; None for those this machine trusts. BrokerError if it cannot be read.
    """
    try:
        context = ssl.create_default_context(cafile=ca)
    except (OSError, ssl.SSLError) as error:
        what = getattr(error, "strerror", None) or error
        raise BrokerError(
            f"the certificate of the broker's authority, {ca}, cannot be read: {what} "
            "(SENSOR_HUB_MQTT_CA: ca.crt of `sensor-hub tls init`, PEM)"
        ) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = _TidySocket
    return context


class _TidySocket(ssl.SSLSocket):
    """Closed when its handshake fails: paho lets go of it without a word."""

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


def server_context(cert: Path, key: Path) -> ssl.SSLContext:
    """Return what the embedded broker offers: TLS 1.2 at least; ConfigError if certificate and key do not serve."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(cert, key, password=_no_password)
    except (OSError, ValueError) as error:
        what = getattr(error, "strerror", None) or getattr(error, "reason", None) or error
        raise ConfigError(
            f"broker's certificate {cert} with key {key}: {what} (`sensor-hub tls init` makes a pair, `tls renew` "
            "a new one; a key has no password)"
        ) from error
    return context


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own, whatever others there are."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def why(error: OSError, address: BrokerAddress) -> str | None:
    """Return what a failed handshake means and what mends it; None for a failure that has nothing to do with TLS."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"{address}: {_certificate(error, address)}"
    if not address.tls:
        return None
    if isinstance(error, ssl.SSLError) and error.reason in _NO_TLS:
        return f"{address} answers without TLS; give its TLS port (usually 8883), or write mqtt:// if it has none"
    if isinstance(error, ssl.SSLError) and "PROTOCOL_VERSION" in str(error.reason):
        return f"{address} speaks no TLS 1.2 or newer; update the broker"
    if isinstance(error, ssl.SSLEOFError | ConnectionResetError | ssl.SSLZeroReturnError):
        return f"{address} hangs up when TLS begins; is that its TLS port (usually 8883)? without TLS write mqtt://"
    if isinstance(error, ssl.SSLError):
        return f"{address}: TLS failed: {error.reason or error}"
    return None


def needs_a_person(error: OSError) -> bool:
    """Whether trying again soon is of no use."""
    return isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError)


def _certificate(error: ssl.SSLCertVerificationError, address: BrokerAddress) -> str:
    match error.verify_code:
        case code if code == _EXPIRED:
            return "its certificate has expired; renew it on the broker's machine (`sensor-hub tls renew`)"
        case code if code == _NOT_YET:
            return "its certificate is not valid yet; is the clock of this machine right?"
        case code if code in {_WRONG_NAME, _WRONG_IP}:
            return (
                f"its certificate is not for {address.host!r}; write the name it was made for, or make one with this "
                f"name (`sensor-hub tls init --name {address.host}`)"
            )
        case code if code in _UNKNOWN_CA:
            return (
                "its certificate is of an authority unknown here; set SENSOR_HUB_MQTT_CA to that authority's "
                "certificate (ca.crt of `sensor-hub tls init`)"
            )
    return f"its certificate is refused: {error.verify_message}"


def _no_password() -> str:
    raise ValueError("the key has a password")


__all__ = ["client_context", "is_loopback", "needs_a_person", "server_context", "why"]
