"""A hub's accounts on a registry of their own, with a clock that is set by hand and passwords that cost little."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sensor_hub.adapters.passwords import Cost, Passwords
from sensor_hub.adapters.registry import Registry
from sensor_hub.app.accounts import HubAccounts

RIGHT = "blue kettle running far"
CHEAP = Cost(passes=1, memory_kib=8)
NOW_UTC = datetime(2026, 11, 22, 8, tzinfo=UTC)


@dataclass(slots=True)
class Clock:
    """The time, and ``sleep``, which only turns it."""

    now_utc: datetime = NOW_UTC

    def __call__(self) -> datetime:
        return self.now_utc

    def sleep(self, seconds: float = 0.0, **more: float) -> None:
        self.now_utc += timedelta(seconds=seconds, **more)


@dataclass(slots=True)
class Door:
    """A hub's accounts, and all they stand on."""

    registry: Registry
    clock: Clock
    looked_at: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.accounts = HubAccounts(self.registry, _Watched(self.looked_at), self.clock)

    accounts: HubAccounts = field(init=False)


class _Watched(Passwords):
    """Passwords that tell which were looked at."""

    def __init__(self, looked_at: list[str]) -> None:
        super().__init__(CHEAP)
        self._looked_at = looked_at

    def is_right(self, password: str, kept: str | None) -> bool:
        self._looked_at.append(password)
        return super().is_right(password, kept)


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry of which each test has a copy, with the admin Chief and the runner ana, whose password is RIGHT."""
    path = tmp_path_factory.mktemp("model") / "registry.db"
    with Registry(f"sqlite:///{path}") as registry:
        registry.add_athlete("Ana", "UTC")
        registry.add_athlete("Ben", "UTC")
        accounts = Door(registry, Clock()).accounts
        accounts.add("Chief", "admin", RIGHT)
        accounts.add("ana", "runner", RIGHT, ["Ana"])
    return path


@pytest.fixture
def door(tmp_path: Path, model: Path) -> Iterator[Door]:
    shutil.copy(model, tmp_path / "registry.db")
    with Registry(f"sqlite:///{tmp_path / 'registry.db'}") as registry:
        yield Door(registry, Clock())
