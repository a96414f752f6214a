"""What holds for every test: how many examples a property is tried with, that Ctrl-C reaches what is started, and what
is made once for all of them.
"""

import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("test", max_examples=40, deadline=None)
settings.register_profile("thorough", max_examples=400, deadline=None)
settings.load_profile("test")

# A shell that runs the tests in the background ignores Ctrl-C, also for every process that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def made_once() -> Iterator[None]:
    """A registry that is not there yet is a copy of one that was migrated once; clients of httpx share authorities."""
    from tests import authorities, new_registries

    with pytest.MonkeyPatch.context() as patched:
        new_registries.are_copied(patched)
        authorities.are_read_once(patched)
        yield


@pytest.fixture
def quick_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chores of a hub that is made in this process come ten times as often."""
    monkeypatch.setattr("sensor_hub.app.rounds.TICK_S", 0.1)
