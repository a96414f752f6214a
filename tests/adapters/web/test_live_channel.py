"""The live channel over a real server: who is shown what, at once, and no longer than they may see it."""

import asyncio
import json
from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest
from starlette.routing import WebSocketRoute
from websockets.exceptions import InvalidStatus

from sensor_hub.adapters.web import WebServer, live_channel, live_group
from sensor_hub.adapters.web.live_sender import BEHIND_FRAMES
from tests.adapters.web.hub import athlete, tile
from tests.adapters.web.live_client import PATIENCE_S, LiveClient
from tests.adapters.web.world import World

SIGNED_OUT, NOT_ALLOWED, TRY_LATER, SPOKEN_TO = 4401, 4403, 1013, 1008
MIA_CADENCE = "172"


@pytest.fixture(scope="module")
def made() -> World:
    return World()


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes every second or two comes several times in one: nobody waits for it here."""
    monkeypatch.setattr(live_channel, "BEAT_S", 0.3)
    monkeypatch.setattr(live_channel, "RIGHTS_S", 0.3)
    monkeypatch.setattr(live_group, "WHOLE_S", 0.3)


@pytest.fixture
def world(made: World) -> World:
    made.begin_anew()
    made.hub.__init__()  # type: ignore[misc]
    return made


@pytest.fixture
def url(world: World) -> Iterator[str]:
    server = WebServer(world.app, port=0)
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


def test_first_comes_everybody_and_then_only_what_changed(world: World, url: str) -> None:
    with LiveClient(url) as page:
        first = page.take()
        assert (first["v"], first["kind"], first["trouble"]) == (1, "all", None)
        assert set(page.faces) == {t.athlete.id for t in world.hub.roster}
        assert page.faces["mia"]["cadence"] == MIA_CADENCE
        world.hub.change("mia", cadence_spm=175.0)
        page.until(lambda p: p.faces["mia"]["cadence"] == "175")
        told = [t for frame in page.frames[1:] for t in frame["tiles"]]
        assert all(t["id"] == "mia" and "href" not in t for t in told)


def test_who_comes_and_goes_is_told(world: World, url: str) -> None:
    with LiveClient(url) as page:
        page.take()
        world.hub.roster = [*world.hub.roster[1:], tile(athlete("eve", "Eve"), "ok", 170.0, 0.24, 1.0, 1.0)]
        page.until(lambda p: "eve" in p.faces and "mia" not in p.faces)


def test_whoever_was_there_all_along_has_what_a_new_one_is_given(world: World, url: str) -> None:
    with LiveClient(url) as page:
        page.take()
        for number in range(10):
            world.hub.change("jon", cadence_spm=150.0 + number)
            world.hub.change("mia", contact_time_s=0.2 + number / 1000)
        page.until(lambda p: (p.faces["jon"]["cadence"], p.faces["mia"]["contact"]) == ("159", "209"))
        with LiveClient(url) as late:
            late.take()
            page.until(lambda p: p.n >= late.n)
            late.until(lambda p: p.n >= page.n)
            assert without_age(late.faces) == without_age(page.faces)


def without_age(faces: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """A scripted age never grows, so that the moment it stands for always does."""
    return {who: {key: value for key, value in face.items() if key != "heard_ms"} for who, face in faces.items()}


def test_a_quiet_hub_is_heard_of_all_the_same(world: World, url: str) -> None:
    world.hub.roster = []
    with LiveClient(url) as page:
        numbers = [page.take()["n"] for _ in range(3)]
        assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]
        times = [frame["now"] for frame in page.frames]
        assert times == sorted(times)


def test_a_hub_that_cannot_be_read_says_so_and_goes_on_afterwards(world: World, url: str) -> None:
    with LiveClient(url) as page:
        page.take()
        world.hub.broken = True
        page.until(lambda p: p.trouble is not None)
        assert "disk is full" in str(page.trouble)
        assert page.faces["mia"]["cadence"] == MIA_CADENCE
        world.hub.broken = False
        world.hub.problem = "the broker is away"
        page.until(lambda p: "broker" in str(p.trouble))
        world.hub.problem = None
        page.until(lambda p: p.trouble is None)


# --- who may ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "people"),
    [("mia", {"mia"}), ("coach-jon", {"jon"}), ("coach-all", None), ("boss", None)],
)
@pytest.mark.parametrize("by", ["signed_in", "token"])
def test_everybody_is_shown_those_they_may_know_of(
    world: World, url: str, name: str, people: set[str] | None, by: str
) -> None:
    world.fill()
    headers = world.signed_in(name) if by == "signed_in" else world.token(name)
    with LiveClient(url, headers) as page:
        page.take()
        assert set(page.faces) == (people or {t.athlete.id for t in world.hub.roster})
        world.hub.change("ada", cadence_spm=199.0)
        world.hub.change("jon", cadence_spm=198.0)
        world.hub.change("mia", cadence_spm=197.0)
        page.until(lambda p: all(face["cadence"] in {"197", "198", "199"} for key, face in p.faces.items()
                                 if key in {"mia", "jon", "ada"}))  # fmt: skip
        assert set(page.faces) == (people or {t.athlete.id for t in world.hub.roster})


def test_two_that_see_different_things_are_told_different_things_at_the_same_time(world: World, url: str) -> None:
    world.fill()
    world.hub.change("mia", standing="stop")
    with LiveClient(url, world.signed_in("coach-all")) as coach, LiveClient(url, world.signed_in("boss")) as admin:
        coach.take()
        admin.take()
        assert coach.faces["mia"]["standing"]
        assert not admin.faces["mia"]["standing"]


def test_who_sees_neither_squads_nor_the_roster_is_not_told_of_them_by_a_tile(world: World, url: str) -> None:
    world.fill()
    world.hub.change("mia", squads=("sprint",), tonight=True, battery_percent=40)
    for query in ("", "?athlete=mia"):
        with (
            LiveClient(url, world.signed_in("coach-mia"), query) as coach,
            LiveClient(url, world.signed_in("mia"), query) as runner,
        ):
            coach.take()
            runner.take()
            assert (coach.faces["mia"]["squads"], coach.faces["mia"]["tonight"]) == (["sprint"], True)
            assert (runner.faces["mia"]["squads"], runner.faces["mia"]["tonight"]) == ([], False)
            assert "40" in runner.faces["mia"]["battery"]


@pytest.mark.parametrize("actor", ["nobody", "expired", "wrong-token"])
def test_whoever_has_not_signed_in_is_told_so_by_a_code(world: World, url: str, actor: str) -> None:
    world.fill()
    headers: dict[str, str] = {}
    if actor == "expired":
        headers = world.signed_in("boss")
        world.later()
    elif actor == "wrong-token":
        headers = {"Authorization": "Bearer shub_guessed"}
    with LiveClient(url, headers) as page:
        assert page.closed() == SIGNED_OUT
        assert page.frames == []


@pytest.mark.parametrize(
    ("name", "asked", "may"),
    [("mia", "mia", True), ("mia", "jon", False), ("coach-mia", "mia", True), ("coach-mia", "jon", False),
     ("coach-all", "jon", True), ("coach-all", "nobody-at-all", False), ("boss", "mia", True)],
)  # fmt: skip
def test_one_runner_alone_takes_the_right_to_see_their_load(
    world: World, url: str, name: str, asked: str, may: bool
) -> None:
    world.fill()
    with LiveClient(url, world.signed_in(name), f"?athlete={asked}") as page:
        if may:
            page.take()
            assert set(page.faces) == {asked}
            world.hub.change("ada", cadence_spm=199.0)
            world.hub.change(asked, cadence_spm=198.0)
            page.until(lambda p: p.faces[asked]["cadence"] == "198")
            assert set(page.faces) == {asked}
        else:
            assert page.closed() == NOT_ALLOWED
            assert page.frames == []


def test_a_consent_that_is_withdrawn_takes_the_load_off_an_open_page(world: World, url: str) -> None:
    world.fill()
    with LiveClient(url, world.signed_in("coach-all")) as grid:
        with LiveClient(url, world.signed_in("coach-all"), "?athlete=mia") as one:
            grid.take()
            one.take()
            assert grid.faces["mia"]["shows_load"]
            world.hub.change("mia", battery_percent=40)
            grid.until(lambda p: "40" in p.faces["mia"]["battery"])
            world.guide.allowed["mia"] = frozenset()
            grid.until(lambda p: not p.faces["mia"]["shows_load"])
            assert (grid.faces["mia"]["cadence"], grid.faces["mia"]["battery"]) == ("–", "")
            assert one.closed() == NOT_ALLOWED
        world.guide.allowed["mia"] = frozenset(("load",))
        grid.until(lambda p: p.faces["mia"]["shows_load"])


def test_signing_out_closes_what_is_open(world: World, url: str) -> None:
    world.fill()
    headers, others = world.signed_in("coach-all"), world.signed_in("coach-all")
    with LiveClient(url, headers) as page, LiveClient(url, others) as elsewhere:
        page.take()
        elsewhere.take()
        world.accounts.sign_out(headers["Cookie"].partition("=")[2])
        assert page.closed() == SIGNED_OUT
        world.hub.change("mia", cadence_spm=190.0)
        elsewhere.until(lambda p: p.faces["mia"]["cadence"] == "190")


def test_a_coach_who_is_given_other_runners_sees_those(world: World, url: str) -> None:
    world.fill()
    with LiveClient(url, world.token("coach-jon")) as page:
        page.take()
        world.accounts.change("coach-jon", athletes=["mia", "ada"])  # which ends sessions of browsers, and no token
        page.until(lambda p: set(p.faces) == {"mia", "ada"})


@pytest.mark.parametrize("origin", ["http://evil.example", "http://localhost:1", "https://127.0.0.1", "null"])
def test_a_page_of_somebody_else_gets_no_channel(world: World, url: str, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        LiveClient(url, {"Origin": origin})
    assert refused.value.response.status_code == 403


def test_under_a_name_that_is_not_the_hubs_there_is_no_channel(world: World) -> None:
    assert (
        world.browser(host="rebound.example").websocket_answer("/api/live", "http://rebound.example")
        == "websocket.close"
    )


def test_a_page_of_the_hub_itself_gets_one(world: World, url: str) -> None:
    with LiveClient(url, {"Origin": url}) as page:
        assert page.take()["kind"] == "all"


def test_it_is_the_only_websocket_of_the_hubs_own(world: World) -> None:
    """A WebSocket declares no need as a route does: whoever adds one asks for rights by hand, and tests them here."""
    inner = [getattr(route, "original_router", route) for route in world.app.routes]
    routes = [*world.app.routes, *(one for router in inner for one in getattr(router, "routes", ()))]
    assert {route.path for route in routes if isinstance(route, WebSocketRoute)} == {"/api/live"}


# --- bounds ----------------------------------------------------------------------------------------------------------


def test_nothing_can_be_said_to_it(world: World, url: str) -> None:
    with LiveClient(url) as page:
        page.take()
        page.connection.send("give me more")
        assert page.closed() == SPOKEN_TO


def test_one_asker_cannot_take_every_place(world: World, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_channel, "MOST_OF_ONE", 2)
    world.fill()
    mine, other = world.signed_in("coach-all"), world.signed_in("boss")
    with LiveClient(url, mine) as one, LiveClient(url, mine) as two:
        one.take()
        two.take()
        with LiveClient(url, mine) as three:
            assert three.closed() == TRY_LATER
        with LiveClient(url, other) as somebody_else:
            assert somebody_else.take()["kind"] == "all"
    monkeypatch.setattr(live_channel, "MOST_OPEN", 0)
    with LiveClient(url, other) as late:
        assert late.closed() == TRY_LATER


class Scripted:
    """A connection driven by hand: it takes frames only while ``flows``."""

    def __init__(self) -> None:
        self.flows = asyncio.Event()
        self.gone = asyncio.Event()
        self.sent: list[Any] = []
        self._asked = False
        self._has_more = asyncio.Event()

    async def until(self, cadence: int) -> None:
        """Wait until the newest frame tells a cadence."""
        while not (self.sent and any(told.get("cadence") == str(cadence) for told in self.sent[-1]["tiles"])):
            self._has_more.clear()
            await self._has_more.wait()

    async def receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "websocket.connect"}
        await self.gone.wait()
        return {"type": "websocket.disconnect", "code": 1005}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "websocket.send":
            await self.flows.wait()
            self.sent.append(json.loads(message["text"]))
            self._has_more.set()


def test_who_is_slow_holds_up_nobody_and_begins_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_channel, "GAP_S", 0.001)
    scope = {
        "type": "websocket", "path": "/api/live", "raw_path": b"/api/live", "query_string": b"", "scheme": "ws",
        "headers": [(b"host", b"localhost")], "subprotocols": [], "root_path": "", "http_version": "1.1",
        "server": ("localhost", 80), "client": ("127.0.0.1", 1), "state": {},
    }  # fmt: skip

    async def play() -> None:
        slow, quick = Scripted(), Scripted()
        quick.flows.set()
        slow.flows.set()
        tasks = [asyncio.create_task(world.app(dict(scope), c.receive, c.send)) for c in (slow, quick)]
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.gather(slow.until(172), quick.until(172))
            slow.flows.clear()
            for number in range(5 * BEHIND_FRAMES):
                world.hub.change("mia", cadence_spm=200.0 + number)
                await quick.until(200 + number)
            n_before = len(slow.sent)
            slow.flows.set()
            await slow.until(199 + 5 * BEHIND_FRAMES)
            assert len(slow.sent) - n_before <= BEHIND_FRAMES + 3
            assert "all" in [frame["kind"] for frame in slow.sent[n_before:]]
            for one in (slow, quick):
                one.gone.set()
            await asyncio.gather(*tasks)
        await world.app.state.live.close()

    asyncio.run(play())
