"""``registry move``: the registry of this installation copied whole into another database, and from then on there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.registry.addresses import database_at, file_of, with_password
from sensor_hub.adapters.registry.copying import CopiedTable, copy_registry
from sensor_hub.app.judging.turns import ROUNDS
from sensor_hub.app.place import Place, registry_in_use
from sensor_hub.config import Settings
from sensor_hub.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Moved:
    """What was copied. source, target : as they may be shown."""

    source: str
    target: str
    tables: tuple[CopiedTable, ...]

    def answer(self) -> dict[str, Any]:
        """Return it as JSON values."""
        rows = {table.name: {"rows": table.n_rows, "sha256": table.sha256} for table in self.tables}
        return {"from": self.source, "to": self.target, "tables": rows}


def needs_password(to: str) -> bool:
    """Whether an address is a server's; RegistryError or ConfigError if it is none at all, or has a password in it."""
    return file_of(with_password(to, None)) is None


def move_registry(settings: Settings, to: str, password: Callable[[], str | None]) -> Moved:
    """Copy the registry in use into an empty database; what was there stays as it is. Nobody may write meanwhile.

    Parameters
    ----------
    to : address without a password, ``sqlite:///PATH`` or ``postgresql+pg8000://USER@HOST/DATABASE``.
    password : asked for a server's.

    Raises
    ------
    RegistryError
        If the target is not empty or refuses; then nothing has changed.
    ConfigError
        If a hub or a collecting edge runs on this folder, hubs that share are at work with the registry, or the
        address says what cannot be.
    """
    place = Place.at(settings.data_dir)
    target = with_password(to, password() if needs_password(to) else None)
    source = registry_in_use(settings, place)
    with place.lock_for_hub(), place.lock_for_collecting():
        _check_no_hub(source)
        tables = copy_registry(source, target)
    return Moved(database_at(source).shown, database_at(target).shown, tuple(tables))


def _check_no_hub(source: str) -> None:
    """Refuse while hubs that share are at work, wherever: what they wrote after the copy would be in the old one."""
    with Registry(source) as registry:
        if registry.work.holder(ROUNDS) is not None:
            raise ConfigError(
                f"registry {database_at(source).shown}: a hub is at work with it, maybe on another machine: end all of"
                " them (one that was killed is forgotten after some seconds)"
            )


__all__ = ["Moved", "move_registry", "needs_password"]
