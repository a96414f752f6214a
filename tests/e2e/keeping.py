"""A scripted history on a server, for the pages that keep it: what is tapped there is found again in ``Served``."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page

from sensor_hub.adapters.web import WebServer, WriteSide, create_app
from sensor_hub.model.edit import Edit
from sensor_hub.model.gait import FLOAT_COLUMNS, StepTable
from tests.adapters.web.history import ScriptedData, ScriptedHistory, ScriptedRoster, at
from tests.adapters.web.hub import ScriptedHub
from tests.e2e.conftest import DESK, PHONE, Looker

SIZES = pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
Open = Callable[..., Page]


class SteppingHub(ScriptedHub):
    """Its newest run has a step every third of a second over an hour."""

    def steps(self, sid: str) -> StepTable:
        if sid != "mia-1":
            return super().steps(sid)
        n = 3 * 59 * 60
        times = int(at(20, 9, 30).timestamp() * 1e6) + 333_333 * np.arange(n)
        columns = {name: np.full(n, 0.25) for name in FLOAT_COLUMNS}
        columns["step_time_s"] = 0.34 + 0.02 * np.sin(np.arange(n) / 900)
        return StepTable(
            time_utc_us=times, side=np.full(n, "U"), gait=np.full(n, "run"),
            step_time_origin=np.full(n, "measured"), **columns,
        )  # fmt: skip


@dataclass
class Served:
    """A server and everything behind its pages."""

    server: WebServer
    keeping: ScriptedHistory
    data: ScriptedData
    roster: ScriptedRoster

    def only_edit(self) -> tuple[Edit, ...]:
        """Return what the one edit was that somebody made."""
        (edits,) = self.keeping.edits
        return edits


@pytest.fixture(scope="module")
def running() -> Iterator[Served]:
    """One server for the tests of a file."""
    keeping, data, roster = ScriptedHistory(), ScriptedData(), ScriptedRoster()
    writing = WriteSide(keeping, data=data, roster=roster, new_sid=lambda start: f"new-{start:%d-%H%M%S}")
    server = WebServer(create_app(SteppingHub(), writing), port=0)
    server.start()
    yield Served(server, keeping, data, roster)
    server.stop()


@pytest.fixture
def served(running: Served) -> Served:
    """What is behind the pages, as it was in the beginning."""
    running.keeping.begin_anew()
    running.data.begin_anew()
    running.roster.begin_anew()
    return running


@pytest.fixture
def visit(look: Looker, served: Served) -> Open:
    """Open a page of that server by its path."""

    def open_page(path: str, viewport: dict[str, int] = PHONE, **options: Any) -> Page:
        return look(served.server.url + path, viewport, **options)

    return open_page


def outcome(page: Page) -> Locator:
    """What a page says of the last edit."""
    return page.get_by_test_id("outcome-text")
