"""Pages that were asked for without a server leave nothing behind for the next test's server to start."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from nicegui import Client, core
from nicegui.app.app import State


def coroutines_of(handler: Callable[..., Any], depth: int = 3) -> Iterator[Any]:
    """What a deferred start holds: NiceGUI keeps it in a closure."""
    for cell in getattr(handler, "__closure__", None) or ():
        held = cell.cell_contents
        if inspect.iscoroutine(held):
            yield held
        elif callable(held) and depth:
            yield from coroutines_of(held, depth - 1)


def begin_anew() -> None:
    for handler in core.app._startup_handlers:
        for left in coroutines_of(handler):
            left.close()
    core.app._startup_handlers.clear()
    for client in list(Client.instances.values()):
        client.delete()


@pytest.fixture(autouse=True)
def nothing_left_of_pages() -> Iterator[None]:
    core.app._state = State.STOPPED  # as after a server of another test, whose loop is gone
    core.loop = None
    yield
    begin_anew()
