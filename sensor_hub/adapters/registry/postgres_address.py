"""Where a PostgreSQL registry is, and how the way there is protected.

TLS with a verified certificate is the default for every host but this machine. The options are those that libpq knows:
``sslmode`` (verify-full or disable), ``sslrootcert`` (the authority's certificate; else those this machine trusts),
``sslcert`` and ``sslkey`` (one's own). ``unix_sock`` is a socket's path, for a server on this machine.
"""

import ssl
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Final

from sqlalchemy import URL

from sensor_hub.errors import ConfigError

PORT: Final = 5432
MODES: Final = ("verify-full", "disable")
OPTIONS: Final = ("sslmode", "sslrootcert", "sslcert", "sslkey", "unix_sock")


@dataclass(frozen=True, slots=True, repr=False)
class PostgresAddress:
    """An address that was checked. ``bare`` has no options; ``url`` is the whole of it, with the password."""

    bare: URL
    url: str
    options: dict[str, str]

    @classmethod
    def of(cls, url: URL) -> "PostgresAddress":
        """Check an address; ConfigError names what it lacks, or has too much, without repeating a password."""
        options = {name: value if isinstance(value, str) else value[-1] for name, value in url.query.items()}
        if unknown := sorted(options.keys() - set(OPTIONS)):
            raise ConfigError(f"registry: no option {unknown[0]!r}; known are {', '.join(OPTIONS)}")
        if not url.database or not url.username or not (url.host or "unix_sock" in options):
            raise ConfigError(
                "registry: PostgreSQL needs user, host and database: postgresql+pg8000://USER:PASSWORD@HOST/DATABASE"
            )
        mode = options.get("sslmode")
        if mode is not None and mode not in MODES:
            raise ConfigError(f"registry: sslmode is {mode!r}; allowed: {' or '.join(MODES)}")
        if mode == "disable" and (extra := sorted(options.keys() & {"sslrootcert", "sslcert", "sslkey"})):
            raise ConfigError(f"registry: {extra[0]} and sslmode=disable contradict each other: leave one out")
        if ("sslcert" in options) != ("sslkey" in options):
            raise ConfigError("registry: sslcert and sslkey go together: give both or none")
        return cls(url.set(query={}), url.render_as_string(hide_password=False), options)

    def __repr__(self) -> str:
        return f"PostgresAddress({self.shown!r})"

    @property
    def shown(self) -> str:
        """Return host and database."""
        where = self.options.get("unix_sock") or f"{self.bare.host}:{self.bare.port or PORT}"
        return f"postgresql://{where}/{self.bare.database}"

    @property
    def has_tls(self) -> bool:
        """Whether the way is encrypted and the server's certificate verified."""
        if "unix_sock" in self.options or self.options.get("sslmode") == "disable":
            return False
        asked = any(name.startswith("ssl") for name in self.options)
        return asked or not _is_this_machine(self.bare.host or "")

    def connect_args(self) -> dict[str, Any]:
        """Return what the driver needs besides the address; ConfigError where a certificate cannot be read."""
        args: dict[str, Any] = {"ssl_context": self._context() if self.has_tls else False}
        if "unix_sock" in self.options:
            args["unix_sock"] = self.options["unix_sock"]
        return args

    def _context(self) -> ssl.SSLContext:
        root = self.options.get("sslrootcert")
        try:
            context = ssl.create_default_context(cafile=root)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            if "sslcert" in self.options:
                context.load_cert_chain(self.options["sslcert"], self.options["sslkey"])
        except OSError as error:  # also what ssl says of a file that is no certificate
            named = ", ".join(f"{name} {self.options[name]}" for name in OPTIONS[1:4] if name in self.options)
            raise ConfigError(
                f"registry: {named}: {error.strerror or error} (give PEM files that can be read)"
            ) from error
        return context


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


__all__ = ["PostgresAddress"]
