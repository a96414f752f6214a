"""What this machine shows to others, and the certificates it shows it with."""

import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509

from sensor_hub.app.doctor.check import Check
from sensor_hub.app.doctor.servers import LOOPBACK
from sensor_hub.config import Settings

RENEW: Final = "sensor-hub tls renew --out DIR, and start again what uses it"
SOON: Final = timedelta(days=30)


def look_at_exposure(settings: Settings, n_accounts: int | None) -> Iterator[Check]:
    """Look at what listens beyond this machine. n_accounts : who may sign in; None is unknown."""
    if settings.web_host in LOOPBACK:
        yield Check("page", "ok", f"it listens on {settings.web_host} only")
    elif settings.web_cert is None:
        yield Check(
            "page", "warn", f"it listens on {settings.web_host} without TLS",
            "set web_cert and web_key, or put a proxy with TLS before it (docs/deploy.md)",
        )  # fmt: skip
    else:
        yield Check("page", "ok", f"it listens on {settings.web_host} over https")
    if n_accounts == 0 and settings.web_host not in LOOPBACK:
        yield Check(
            "accounts", "warn", "nobody has an account, so other machines are answered nothing",
            "sensor-hub user add NAME --role admin",
        )  # fmt: skip
    for what, path in (("page", settings.web_cert), ("broker", settings.mqtt_cert), ("authority", settings.mqtt_ca)):
        if path is not None:
            yield _certificate(what, path)
    for what, key in (("page", settings.web_key), ("broker", settings.mqtt_key)):
        if key is not None and key.exists() and key.stat().st_mode & stat.S_IROTH:
            text = f"anybody on this machine can read {key}, and pass for this hub with it"
            yield Check(f"key of the {what}", "warn", text, f"chmod o= {key}")


def _certificate(what: str, path: Path) -> Check:
    about = f"certificate of the {what}"
    try:
        until_utc = x509.load_pem_x509_certificates(path.read_bytes())[0].not_valid_after_utc
    except (OSError, ValueError) as error:
        return Check(about, "fail", f"{path} cannot be read: {error}", "sensor-hub tls init makes one")
    left = until_utc - datetime.now(UTC)
    text = f"{path} is valid until {until_utc:%Y-%m-%d}"
    if left < timedelta(0):
        return Check(about, "fail", f"{path} ended on {until_utc:%Y-%m-%d}", RENEW)
    if left < SOON:
        return Check(about, "warn", text, RENEW)
    return Check(about, "ok", text)
