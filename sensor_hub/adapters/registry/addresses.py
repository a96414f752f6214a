"""Which database an address of a registry names."""

from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from sensor_hub.adapters.registry.databases import Database
from sensor_hub.adapters.registry.postgres import Postgres
from sensor_hub.adapters.registry.sqlite import SqliteFile
from sensor_hub.errors import RegistryError

FORMS: Final = "give sqlite:///PATH or postgresql+pg8000://USER:PASSWORD@HOST[:PORT]/DATABASE"


def database_at(url: str) -> Database:
    """Return the database an address names; RegistryError if it names none. Nothing is opened yet."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise RegistryError(f"a registry address of that form is not usable: {FORMS}") from None
    kind = parsed.drivername
    if kind in {"sqlite", "sqlite+pysqlite"} and parsed.database not in {None, "", ":memory:"}:
        return SqliteFile(parsed)
    if kind == "postgresql+pg8000":
        return Postgres(parsed)
    raise RegistryError(f"a registry address {without_secrets(parsed)!r} is not usable: {FORMS}")


def file_of(url: str) -> Path | None:
    """Return the file of a registry; None where it is in a PostgreSQL. RegistryError if the address names none."""
    path: Path | None = getattr(database_at(url), "path", None)
    return path


def with_password(url: str, password: str | None) -> str:
    """Return an address with a password that was given apart from it; RegistryError if it has one already."""
    database_at(url)
    parsed = make_url(url)
    if parsed.password is not None:
        raise RegistryError(
            f"{without_secrets(parsed)}: a password on a command line is there for everybody to read: leave it out of"
            " the address, and give --password-file, or type it when asked"
        )
    return url if password is None else parsed.set(password=password).render_as_string(hide_password=False)


def without_secrets(url: URL) -> str:
    """Return an address without its password, and without options, which may hold one too."""
    return url.set(query={}).render_as_string(hide_password=True)
