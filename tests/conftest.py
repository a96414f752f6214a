"""How many examples a property is tried with where it says nothing itself; and new registries are copies of one."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("test", max_examples=40, deadline=None)
settings.register_profile("thorough", max_examples=400, deadline=None)
settings.load_profile("test")


@pytest.fixture(scope="session", autouse=True)
def registries_are_copies() -> Iterator[None]:
    """A registry that is not there yet is a copy of one that was migrated once."""
    from tests import new_registries

    with pytest.MonkeyPatch.context() as patched:
        new_registries.are_copied(patched)
        yield
