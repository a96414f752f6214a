"""REST of sensors and edges, and what each asker may see and ask of them."""

from typing import Any

import pytest

from sensor_hub.adapters.web.guarded_sensors import SeenSensors
from sensor_hub.adapters.web.rights import Forbidden, NotKnown, Rights
from sensor_hub.errors import EdgeError, RegistryError
from sensor_hub.model.access import OPERATOR, Account, Asker
from sensor_hub.model.sensor_view import EdgeView
from tests.adapters.web.hub import NOW
from tests.adapters.web.world import World


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.fixture(autouse=True)
def anew(world: World) -> None:
    world.begin_anew()


def seen(world: World, role: str | None, athletes: tuple[str, ...] = ()) -> SeenSensors:
    account = None if role is None else Account("a", "n", role, athletes, NOW)  # type: ignore[arg-type]
    asker = OPERATOR if account is None else Asker("account", account, via="session")
    return SeenSensors(world.sensors, Rights(lambda: asker, world.hub, world.guide, lambda: 0, by="api"))


def test_sensors_of_a_person_are_told_with_their_last_check(world: World) -> None:
    answer = world.browser().get("/api/athletes/mia/sensors")
    told: list[dict[str, Any]] = answer.json()
    assert [one["device"] for one in told] == ["pod-mia", "pod-box"]
    assert told[0]["check"]["found"][0] == {"code": "battery-low", "value": 20.0}
    assert (told[0]["battery_percent"], told[0]["state"], told[1]["owner"]) == (81, "streaming", None)
    assert [one["device"] for one in world.browser().get("/api/sensors").json()] == ["pod-box", "pod-free"]


def test_an_edge_is_asked_and_its_refusal_is_told_with_the_mend(world: World) -> None:
    ask = world.browser().post("/api/athletes/mia/edges/edge-1/scan", {"seconds": 3})
    assert [one["key"] for one in ask.json()] == ["key-1", "key-2", "key-3"]
    body = {"key": "key-2", "side": "L", "mount": "shank", "name": "Left"}
    paired = world.browser().post("/api/athletes/mia/edges/edge-1/pair", body).json()
    assert (paired["device"], paired["mount"], paired["side"]) == ("new-mia", "shank", "L")
    assert world.sensors.asked == [
        ("scan", "edge-1", 3.0), ("pair", "edge-1", "key-2", "mia", "L", "shank", "Left"),
    ]  # fmt: skip
    world.sensors.refuses = "This edge is not connected now."
    refused = world.browser().post("/api/edges/edge-1/scan", {})
    assert (refused.status_code, refused.json()["detail"]) == (409, "This edge is not connected now.")


def test_what_a_plain_form_could_send_is_refused(world: World) -> None:
    for path in ("/api/edges/edge-1/scan", "/api/athletes/mia/edges/edge-1/pair"):
        assert world.browser().request("POST", path, {"Content-Type": "text/plain"}, content=b"{}").status_code == 415
    assert world.sensors.asked == []


@pytest.mark.parametrize("device", ["pod-jon", "pod-nobody", "pod-box"])
def test_a_runner_unpairs_neither_somebody_elses_nor_one_of_the_box(world: World, device: str) -> None:
    runner = seen(world, "runner", ("mia",))
    with pytest.raises((RegistryError, Forbidden, NotKnown)):
        runner.unpair("edge-1", device)
    assert world.sensors.asked == []
    runner.unpair("edge-1", "pod-mia")
    assert world.sensors.asked == [("unpair", "edge-1", "pod-mia")]


def test_an_edge_is_not_asked_for_a_sensor_that_another_one_has(world: World) -> None:
    with pytest.raises(RegistryError, match="pod-mia"):
        seen(world, None).unpair("edge-2", "pod-mia")
    with pytest.raises(RegistryError, match="pod-mia"):
        seen(world, None).check("edge-2", "pod-mia", 5.0)
    assert world.sensors.asked == []


def test_a_coach_checks_what_their_runners_wear_and_pairs_for_the_box_alone(world: World) -> None:
    coach = seen(world, "coach", ("mia",))
    coach.check("edge-1", "pod-mia", 5.0)
    coach.check("edge-1", "pod-box", 5.0)
    coach.pair("edge-1", "key-1", None, side="U", mount=None)
    asked = [what[0] for what in world.sensors.asked]
    assert asked == ["check", "check", "pair"]
    with pytest.raises(Forbidden):
        coach.pair("edge-1", "key-1", "mia", side="L", mount=None)
    with pytest.raises(RegistryError):
        coach.check("edge-1", "pod-jon", 5.0)
    with pytest.raises(NotKnown):
        coach.all("jon")
    world.guide.allowed["mia"] = frozenset()
    with pytest.raises(Forbidden):
        seen(world, "coach", ("mia",)).all("mia")
    with pytest.raises(RegistryError):
        seen(world, "coach", ("mia",)).check("edge-1", "pod-mia", 5.0)
    assert [what[0] for what in world.sensors.asked] == asked


def test_whose_a_pod_of_the_box_is_tonight_is_kept_from_who_does_not_know_them(world: World) -> None:
    (box, _free) = seen(world, "coach", ("jon",)).all()
    assert (box.device, box.athlete) == ("pod-box", None)
    assert seen(world, "coach", ("mia",)).all()[0].athlete == "mia"


def test_who_may_pair_for_nobody_makes_no_edge_listen(world: World) -> None:
    seen(world, "runner", ("mia",)).scan("edge-1", 2.0)
    world.sensors.asked.clear()
    with pytest.raises(Forbidden):
        seen(world, "runner").scan("edge-1", 2.0)
    assert world.sensors.asked == []


def test_an_edge_of_people_whom_somebody_does_not_know_is_not_there_for_them(world: World) -> None:
    """It listens where these people live, and may be called by their name."""
    world.sensors.known_edges = [
        EdgeView("edge-1", True, "Track", True), EdgeView("edge-2", True, "Jonas' kitchen", True, ("jon",)),
        EdgeView("edge-3", True, "Of nobody", True, ()),
    ]  # fmt: skip
    every = ["edge-1", "edge-2", "edge-3"]
    for role, athletes, sees in [
        ("runner", ("mia",), every[:1]), ("coach", ("mia",), every[:1]), ("runner", ("jon",), every[:2]),
        ("coach", (), every), ("admin", (), every), (None, (), every),
    ]:  # fmt: skip
        assert [edge.gw for edge in seen(world, role, athletes).edges()] == sees
    for who in (seen(world, "runner", ("mia",)), seen(world, "coach", ("mia",))):
        with pytest.raises(EdgeError, match="not connected now"):
            who.scan("edge-2", 2.0)
    with pytest.raises(EdgeError, match="not connected now"):
        seen(world, "runner", ("mia",)).pair("edge-2", "key-1", "mia", side="L", mount=None)
    assert world.sensors.asked == []
    seen(world, "runner", ("jon",)).scan("edge-2", 2.0)
