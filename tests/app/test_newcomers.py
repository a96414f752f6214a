"""First people of a real hub, real and simulated."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sensor_hub.adapters.mqtt.retained import Retained
from sensor_hub.app.hub import Hub
from sensor_hub.app.newcomers.newcomers import HubNewcomers
from sensor_hub.app.newcomers.simulated_runs import SimulatedRuns
from sensor_hub.app.person.person_data import HubData
from sensor_hub.app.place import Place
from sensor_hub.config import Settings, load_settings
from sensor_hub.errors import RegistryError, StoreError
from sensor_hub.model.session import SessionSummary
from sensor_hub.simulation.squad import live_runs
from sensor_hub.wire import Topics

pytestmark = pytest.mark.usefixtures("quick_rounds")
SOON_S = 30.0


def until(is_so: Callable[[], object]) -> None:
    end_s = time.monotonic() + SOON_S
    while not is_so():
        assert time.monotonic() < end_s, "it did not become so"
        threading.Event().wait(0.05)


def settings_of(folder: Path) -> Settings:
    return load_settings(data_dir=folder, web_port=0, mqtt_port=0, mqtt="", store="", zone="Europe/Berlin")


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    hub = Hub(settings_of(tmp_path), Place.at(tmp_path), web=False)
    hub.start()
    yield hub
    hub.stop()


@pytest.fixture
def runs(hub: Hub) -> Iterator[SimulatedRuns]:
    runs = SimulatedRuns(hub._on_batch, hub.topics)
    yield runs
    runs.stop()


@pytest.fixture
def newcomers(hub: Hub, runs: SimulatedRuns) -> HubNewcomers:
    data = HubData(hub.settings.model_copy(update={"mqtt_port": hub._broker.port}), hub.registry, hub.keeping)  # type: ignore[union-attr]
    return HubNewcomers(
        hub.registry, hub.ingest, runs, erase=data.erase, on_change=lambda who: hub.board.touch(who, heard=False)
    )


def sessions_of(hub: Hub, athlete: str) -> list[SessionSummary]:
    return hub.store.sessions(athlete)


def test_somebody_is_added_and_shown_and_the_same_name_twice_is_refused(hub: Hub, newcomers: HubNewcomers) -> None:
    added = newcomers.add("Ana", "Europe/Lisbon", mass_kg=58.0)
    assert not added.simulated
    view = hub.board.athlete(added.id)
    assert view is not None
    assert view.tile.athlete.display_name == "Ana"
    with pytest.raises(RegistryError, match="taken"):
        newcomers.add("ana", "UTC")
    with pytest.raises(RegistryError, match="Mars"):
        newcomers.add("Ben", "Mars/Olympus")


def test_a_squad_comes_with_its_season_runs_and_goes_completely(
    hub: Hub, newcomers: HubNewcomers, monkeypatch: pytest.MonkeyPatch
) -> None:
    # of each of them the broker is asked several times; of one in this process everything comes at once
    monkeypatch.setattr(Retained.held, "__kwdefaults__", {"quiet_s": 0.3})
    ana = newcomers.add("Ana", "Europe/Lisbon")
    assert newcomers.invite_simulated_squad() == 6
    squad = [a for a in hub.registry.athletes() if a.simulated]
    assert [a.display_name for a in squad if "(simulated)" not in a.display_name] == []
    assert newcomers.simulated().n_athletes == 6
    assert newcomers.simulated().n_running == 3
    assert all(s.header.origin == "simulated" for a in squad for s in sessions_of(hub, a.id))
    assert sum(len(sessions_of(hub, a.id)) for a in squad) > 100
    running = squad[0].id
    until(lambda: (tile := hub.board.tile(running, own=True)) is not None and tile.cadence_spm)
    assert sessions_of(hub, ana.id) == []

    gone = {a.id for a in squad}
    assert newcomers.dismiss_simulated_squad() == 6
    assert newcomers.simulated().n_athletes == newcomers.simulated().n_running == 0
    assert [a.id for a in hub.registry.athletes()] == [ana.id]
    until(lambda: {t.athlete.id for t in hub.board.tiles()} == {ana.id})
    left = [text for _table, text in hub.store.recorded.texts() for who in gone if who in str(text)]
    assert left == []
    assert not list(hub.place.recordings.iterdir())


def test_a_second_invitation_adds_nobody_and_nothing(hub: Hub, newcomers: HubNewcomers, runs: SimulatedRuns) -> None:
    newcomers.invite_simulated_squad()
    runs.end()
    before = {a.id: len(sessions_of(hub, a.id)) for a in hub.registry.athletes()}
    newcomers.invite_simulated_squad()
    assert before.keys() == {a.id for a in hub.registry.athletes()}
    assert newcomers.simulated().n_running == 3
    runs.end(drop=True)
    after = {a.id: len([s for s in sessions_of(hub, a.id) if s.ended]) for a in hub.registry.athletes()}
    assert after == before


def test_runs_that_are_stopped_end_and_stay(hub: Hub, newcomers: HubNewcomers, runs: SimulatedRuns) -> None:
    newcomers.invite_simulated_squad()
    (first, *_rest) = hub.registry.athletes()
    until(lambda: any(not s.ended for s in sessions_of(hub, first.id)))
    runs.stop()
    assert runs.n_running == 0
    assert all(s.ended for s in sessions_of(hub, first.id))
    newcomers.invite_simulated_squad()  # of a hub that is going down
    assert runs.n_running == 0


def test_no_run_begins_where_the_hub_ends_while_they_are_asked_for(runs: SimulatedRuns, hub: Hub) -> None:
    people = [hub.registry.add_athlete(f"{i} (simulated)", "UTC", simulated=True) for i in range(6)]
    ending = runs.end

    def ended_meanwhile() -> None:
        ending()
        runs.end = ending  # type: ignore[method-assign]
        runs.stop()

    runs.end = ended_meanwhile  # type: ignore[method-assign, assignment]
    runs.start(live_runs(1, people))
    assert runs.n_running == 0


def test_a_hub_that_ends_with_them_running_leaves_their_history_and_nobody_running(tmp_path: Path) -> None:
    for n_running in (3, 0):
        hub = Hub(settings_of(tmp_path), Place.at(tmp_path))
        hub.start()
        try:
            newcomers = hub._write_side().newcomers
            assert newcomers is not None
            if n_running:
                newcomers.invite_simulated_squad()
                who = hub.registry.athletes()[0].id
                until(lambda: any(not s.ended for s in sessions_of(hub, who)))  # noqa: B023 (called at once)
            assert (newcomers.simulated().n_athletes, newcomers.simulated().n_running) == (6, n_running)
        finally:
            hub.stop()


def test_while_they_come_nobody_can_send_them_away(hub: Hub, runs: SimulatedRuns) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def held(_athlete: str) -> None:
        begun.set()
        go_on.wait(SOON_S)

    newcomers = HubNewcomers(hub.registry, hub.ingest, runs, erase=lambda _who: None, on_change=held)
    coming = threading.Thread(target=newcomers.invite_simulated_squad)
    coming.start()
    try:
        assert begun.wait(SOON_S)
        assert newcomers.simulated().doing == "coming"
        assert newcomers.simulated().n_total == 6
        with pytest.raises(RegistryError, match="on their way"):
            newcomers.dismiss_simulated_squad()
    finally:
        go_on.set()
        coming.join(SOON_S)
    assert newcomers.simulated().doing is None


def test_what_went_wrong_is_said_until_the_next_time(hub: Hub, runs: SimulatedRuns) -> None:
    def refuse(_athlete: str) -> None:
        raise StoreError("the disk is full (free some space)")

    hub.registry.add_athlete("Aster (simulated)", "UTC", simulated=True)
    newcomers = HubNewcomers(hub.registry, hub.ingest, runs, erase=refuse, on_change=lambda _who: None)
    with pytest.raises(StoreError):
        newcomers.dismiss_simulated_squad()
    assert newcomers.simulated().problem == "the disk is full (free some space)"
    newcomers.invite_simulated_squad()
    assert newcomers.simulated().problem is None


def test_a_batch_that_the_store_refuses_comes_again(hub: Hub) -> None:
    refused: list[int] = []

    def take(batch: object) -> None:
        if len(refused) < 2:
            refused.append(1)
            raise StoreError("busy")
        hub._on_batch(batch)  # type: ignore[arg-type]

    people = [hub.registry.add_athlete(f"{i} (simulated)", "UTC", simulated=True) for i in range(6)]
    runs = SimulatedRuns(take, Topics(hub.settings.site))
    runs.start(live_runs(1, people))
    try:
        until(lambda: sessions_of(hub, people[0].id))
    finally:
        runs.stop()
    assert len(refused) == 2
