"""Who may have what: every role against every route and every page of the application, cell by cell.

The table below is written by hand and asks nothing of the program: a route that is not in it fails, a right that the
program gives and the table does not fails, and the other way round.
"""

import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from nicegui import core

from sensor_hub.adapters.web.needs import Need
from sensor_hub.adapters.web.pages import PAGES
from sensor_hub.model.diary import ConsentCategory
from tests.adapters.web.accounts import PASSWORD
from tests.adapters.web.hub import finding
from tests.adapters.web.world import ATHLETES, World

OWN = {"X-Sensor-Hub": "1"}
SIGNED_OUT = ("nobody", "disabled", "expired", "expired-token", "wrong-token", "removed-token", "far-token")
RUNNERS, COACHES = ("runner", "runner-reads"), ("coach-consented", "coach-load", "coach-refused", "coach-other-squad",
                                                "coach-all")  # fmt: skip
ADMINS = ("admin", "admin-reads")
BY_TOKEN = ("runner-reads", "admin-reads")  # which opens no page
ACTORS = ("operator", *RUNNERS, *COACHES, *ADMINS)

# who may have what is Mia's, and what is Jonas'; everybody else who is signed in is refused
MAY: dict[str, tuple[set[str], set[str]]] = {
    "load": (
        {"operator", "runner", "runner-reads", "coach-consented", "coach-load", "coach-all", "admin", "admin-reads"},
        {"operator", "coach-other-squad", "coach-all", "admin", "admin-reads"},
    ),
    "diary": ({"operator", "runner", "runner-reads", "coach-consented"}, {"operator"}),
    "guidance": ({"operator", "runner", "runner-reads", "coach-consented"}, {"operator"}),
    "edit": ({"operator", "runner", "admin"}, {"operator", "admin"}),
    "say": ({"operator", "runner"}, {"operator"}),
    "shoes": ({"operator", "runner", "runner-reads", "admin", "admin-reads"}, {"operator", "admin", "admin-reads"}),
    "files": ({"operator", "runner", "admin"}, {"operator", "admin"}),
    "mark": (
        {"operator", "runner", "coach-consented", "coach-load", "coach-all"},
        {"operator", "coach-other-squad", "coach-all"},
    ),
}
# who may not even know that there is such a person: told that there is none
HIDDEN: dict[str, set[str]] = {
    "mia": {"coach-other-squad"},
    "jon": {"runner", "runner-reads", "coach-consented", "coach-load", "coach-refused"},
}
OF_HUB: dict[str, set[str]] = {
    "grid": set(ACTORS),
    "rules": set(ACTORS),
    "anything": set(ACTORS),
    "own": {"operator", "runner", *COACHES, "admin"},
    "roster": {"operator", *COACHES, *ADMINS},
    "set-roster": {"operator", *COACHES, "admin"},
    "backup": {"operator", "admin"},
    "squads": {"operator", *COACHES, *ADMINS},
    "set-squads": {"operator", *COACHES, "admin"},
    "numbers": {"operator", *ADMINS},
    "manage": {"operator", "admin"},
    "told-as-coach": {"operator", *COACHES},
    "add": {"operator", "admin"},
}


@dataclass(frozen=True)
class Asked:
    """A request, and what it is for. body : sent as JSON."""

    what: str
    body: object = None
    query: str = ""


NEW_ADDRESSEE = {"url": "ntfys://ntfy.sh/topic", "label": "Watch", "zone": "UTC"}
RESOURCES: dict[str, Asked] = {
    "GET /api/health": Asked("open"),
    "GET /favicon.ico": Asked("open"),
    "GET /sign-in": Asked("open"),
    "POST /sign-out": Asked("open"),
    "GET /api/openapi.json": Asked("anything"),
    "POST /api/show": Asked("anything", {"distance": "mi", "language": "en"}),
    "GET /api/athletes": Asked("grid"),
    "GET /api/findings": Asked("grid"),
    "POST /api/findings/{finding}/acknowledge": Asked("mark"),
    "POST /api/findings/{finding}/snooze": Asked("mark", {"until": "morning"}),
    "POST /api/findings/{finding}/unmark": Asked("mark"),
    "GET /api/athletes/{athlete}": Asked("load"),
    "GET /api/athletes/{athlete}/sessions": Asked("load"),
    "GET /api/athletes/{athlete}/load": Asked("load"),
    "GET /api/athletes/{athlete}/history": Asked("load"),
    "GET /api/athletes/{athlete}/journal": Asked("load"),
    "GET /api/sessions/{sid}": Asked("load"),
    "GET /api/sessions/{sid}/steps": Asked("load"),
    "GET /api/sessions/{sid}/timeline": Asked("load"),
    "POST /api/athletes/{athlete}/edits": Asked("edit", {"kind": "add-run", "on": "2026-11-20"}),
    "POST /api/athletes/{athlete}/undo": Asked("edit", {}),
    "GET /api/athletes/{athlete}/guidance": Asked("guidance"),
    "GET /api/athletes/{athlete}/plan": Asked("guidance"),
    "GET /api/athletes/{athlete}/diary": Asked("diary"),
    "GET /api/athletes/{athlete}/rules": Asked("diary"),
    "POST /api/athletes/{athlete}/diary": Asked("say", {"kind": "set-policy", "policy": "strict"}),
    "POST /api/athletes/{athlete}/diary/undo": Asked("say", {}),
    "GET /api/athletes/{athlete}/shoes": Asked("shoes"),
    "POST /api/athletes/{athlete}/shoes": Asked("edit", {"name": "Blue pair"}),
    "POST /api/athletes/{athlete}/import": Asked("files", query="?name=run.fit"),
    "GET /api/athletes/{athlete}/export": Asked("files"),
    "DELETE /api/athletes/{athlete}": Asked("files", {"display_name": "(as called)"}),
    "GET /api/jobs/{job}": Asked("files"),
    "GET /api/rules": Asked("rules"),
    "GET /api/roster": Asked("roster"),
    "GET /api/sensors": Asked("roster"),
    "GET /api/edges": Asked("anything"),
    "POST /api/edges/{gw}/scan": Asked("set-roster", {"seconds": 1}),
    "POST /api/edges/{gw}/pair": Asked("set-roster", {"key": "key-1"}),
    "POST /api/edges/{gw}/check": Asked("set-roster", {"device": "pod-free"}),
    "POST /api/edges/{gw}/unpair": Asked("set-roster", {"device": "pod-free"}),
    "GET /api/athletes/{athlete}/sensors": Asked("load"),
    "POST /api/athletes/{athlete}/edges/{gw}/scan": Asked("edit", {"seconds": 1}),
    "POST /api/athletes/{athlete}/edges/{gw}/pair": Asked("edit", {"key": "key-1", "side": "R"}),
    "POST /api/athletes/{athlete}/edges/{gw}/check": Asked("edit", {"device": "(theirs)"}),
    "POST /api/athletes/{athlete}/edges/{gw}/unpair": Asked("edit", {"device": "(theirs)"}),
    "POST /api/roster": Asked("set-roster", {"kind": "clear"}),
    "POST /api/athletes": Asked("add", {"display_name": "Ana", "zone": "Europe/Lisbon"}),
    "GET /api/simulated-squad": Asked("add"),
    "POST /api/simulated-squad": Asked("add"),
    "DELETE /api/simulated-squad": Asked("add"),
    "GET /api/squads": Asked("squads"),
    "POST /api/squads": Asked("set-squads", {"name": "Marathon"}),
    "PATCH /api/squads/{squad}": Asked("set-squads", {"name": "Nobody"}),
    "DELETE /api/squads/{squad}": Asked("set-squads"),
    "GET /squads": Asked("squads"),
    "GET /api/backup": Asked("backup"),
    "GET /metrics": Asked("numbers"),
    "GET /api/account": Asked("own"),
    "POST /api/account/password": Asked("own", {"old": PASSWORD, "new": f"{PASSWORD} staple"}),
    "POST /api/account/tokens": Asked("own", {"name": "lamp"}),
    "DELETE /api/account/tokens/{token}": Asked("own"),
    "DELETE /api/account/browsers/{browser}": Asked("own"),
    "GET /api/athletes/{athlete}/addressees": Asked("say"),
    "POST /api/athletes/{athlete}/addressees": Asked("say", NEW_ADDRESSEE),
    "DELETE /api/athletes/{athlete}/addressees/{addressee}": Asked("say"),
    "POST /api/athletes/{athlete}/addressees/{addressee}/test": Asked("say"),
    "GET /athlete/{athlete}/notify": Asked("say"),
    "GET /api/account/addressees": Asked("told-as-coach"),
    "POST /api/account/addressees": Asked("told-as-coach", NEW_ADDRESSEE),
    "DELETE /api/account/addressees/{addressee}": Asked("told-as-coach"),
    "POST /api/account/addressees/{addressee}/test": Asked("told-as-coach"),
    "GET /api/accounts": Asked("manage"),
    "POST /api/accounts": Asked("manage", {"name": "jon", "role": "runner", "password": PASSWORD, "athletes": ["jon"]}),
    "PATCH /api/accounts/{name}": Asked("manage", {"disabled": True}),
    "DELETE /api/accounts/{name}": Asked("manage"),
    "GET /": Asked("grid"),
    "GET /report": Asked("grid"),
    "GET /api/report": Asked("grid"),
    "GET /athlete/{athlete}": Asked("load"),
    "GET /athlete/{athlete}/today": Asked("load"),
    "GET /athlete/{athlete}/runs": Asked("load"),
    "GET /athlete/{athlete}/diary": Asked("diary"),
    "GET /athlete/{athlete}/plan": Asked("guidance"),
    "GET /athlete/{athlete}/rules": Asked("diary"),
    "GET /athlete/{athlete}/shoes": Asked("shoes"),
    "GET /athlete/{athlete}/data": Asked("files"),
    "GET /session/{sid}": Asked("load"),
    "GET /start": Asked("add"),
    "GET /rules": Asked("rules"),
    "GET /roster": Asked("roster"),
    "GET /sensors": Asked("roster"),
    "GET /athlete/{athlete}/sensors": Asked("load"),
    "GET /account": Asked("own"),
    "GET /accounts": Asked("manage"),
    "GET /about-the-numbers": Asked("anything"),
}
# answered, but for what is not there, or is a plain file: told of in tests of their own
APART = {
    "GET /api/{path:path}", "POST /api/{path:path}", "PUT /api/{path:path}", "PATCH /api/{path:path}",
    "DELETE /api/{path:path}", "GET /{path:path}", "POST /sign-in",
}  # fmt: skip
NAMES = {"mia": "Mia Lindqvist", "jon": "Jonas Okafor"}


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.fixture(autouse=True)
def drops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def enter(world: World, actor: str) -> dict[str, str]:
    """Have a hub as it is for an actor, and return what they send."""
    world.begin_anew()
    if actor == "operator":
        return {}
    world.fill()
    everything: frozenset[ConsentCategory] = frozenset(("load", "pain", "medication"))
    allowed = {"coach-consented": everything, "coach-refused": frozenset[ConsentCategory]()}
    if actor in allowed:
        world.guide.allowed["mia"] = allowed[actor]
    match actor:
        case "nobody":
            return {}
        case "runner":
            return world.signed_in("mia")
        case "runner-reads":
            return world.token("mia")
        case "coach-consented" | "coach-load" | "coach-refused":
            return world.signed_in("coach-mia")
        case "coach-other-squad":
            return world.signed_in("coach-jon")
        case "coach-all" | "admin":
            return world.signed_in({"admin": "boss"}.get(actor, actor))
        case "admin-reads" | "far-token":
            return world.token("boss")
        case "disabled":
            headers = world.signed_in("boss")
            secret = headers["Cookie"].partition("=")[2]
            held = world.accounts.browsers[secret]
            world.accounts.change("boss", disabled=True)
            world.accounts.browsers[secret] = held  # as if only the account were
            return headers
        case "expired":
            headers = world.signed_in("boss")
            world.later()
            return headers
        case "expired-token":
            headers = world.token("boss", reads_only=False, days=1)
            world.later()
            return headers
        case "removed-token":
            headers = world.token("boss", reads_only=False)
            world.accounts.remove_token(world.accounts.held["boss"].id, world.accounts.tokens("acc-0")[0].id)
            return headers
        case "wrong-token":
            return {"Authorization": "Bearer shub_guessed"}
    raise AssertionError(actor)


def path_of(world: World, actor: str, resource: str, athlete: str) -> str:
    path = resource.partition(" ")[2]
    names = {"runner": "mia", "coach-consented": "coach-mia", "coach-load": "coach-mia", "coach-refused": "coach-mia",
             "coach-other-squad": "coach-jon", "coach-all": "coach-all"}  # fmt: skip
    token, browser = "t-none", "b-none"
    if actor != "operator" and "{token}" in path:
        mine = world.accounts.held[names.get(actor, "boss")].id
        token = world.accounts.add_token(mine, "old")[0].id
    if actor != "operator" and "{browser}" in path:
        browser = world.accounts.enter(names.get(actor, "boss")).secret
        browser = world.accounts.browsers[browser].view.id
    if actor == "operator" and "{name}" in path:
        world.accounts.held.clear()
    job = world.job_of(athlete) if "{job}" in path else ""
    account = None if actor == "operator" else world.accounts.held.get(names.get(actor, "boss"))
    addressee = f"to-{athlete}" if "athletes" in path else f"own-{account.id if account else None}"
    more = {"addressee": addressee, "finding": finding(athlete).id, "name": "second", "squad": "empty", "gw": "edge-1"}
    return path.format(athlete=athlete, sid=f"{athlete}-1", job=job, token=token, browser=browser, **more)


def answer_to(world: World, actor: str, resource: str, athlete: str) -> tuple[int, str]:
    headers = enter(world, actor)
    method, asked = resource.partition(" ")[0], RESOURCES[resource]
    path = path_of(world, actor, resource, athlete) + asked.query
    more: dict[str, object] = {}
    if asked.body is not None:
        more["json"] = {"display_name": NAMES[athlete]} if method == "DELETE" else asked.body
        if asked.body == {"device": "(theirs)"}:
            more["json"] = {"device": f"pod-{athlete}"}
    elif "/import" in path:
        more["content"] = b"FIT"
    peer = "192.168.1.20" if actor == "far-token" else "127.0.0.1"
    answer = world.browser(peer=peer).request(method, path, {**headers, **OWN}, **more)
    return answer.status_code, answer.headers.get("location", "")


def expected(actor: str, resource: str, athlete: str) -> str:
    what = RESOURCES[resource].what
    if what == "open":
        return "answered"
    if actor in SIGNED_OUT or (actor in BY_TOKEN and not is_for_programs(resource)):
        return "sign in"
    if what in OF_HUB:
        return "answered" if actor in OF_HUB[what] else "forbidden"
    if actor in HIDDEN[athlete]:
        return "not there"
    return "answered" if actor in MAY[what][ATHLETES.index(athlete)] else "forbidden"


def is_for_programs(resource: str) -> bool:
    return resource.split(" ")[1].startswith(("/api", "/metrics")) or not resource.startswith("GET")


def cells() -> Iterator[tuple[str, str, str]]:
    for resource, asked in RESOURCES.items():
        for actor in (*ACTORS, *SIGNED_OUT):
            for athlete in ATHLETES if asked.what in MAY else ATHLETES[:1]:
                yield actor, resource, athlete


# The operator has no account of their own: asking for it is allowed, and cannot be.
NONE_OF_THEIRS = {409}


@pytest.mark.parametrize("actor", [*ACTORS, *SIGNED_OUT])
def test_every_forbidden_cell_is_refused_and_every_allowed_one_answered(world: World, actor: str) -> None:
    wrong = []
    for who, resource, athlete in cells():
        if who != actor:
            continue
        status, location = answer_to(world, actor, resource, athlete)
        is_program = is_for_programs(resource)
        match expected(actor, resource, athlete):
            case "answered":
                fits = 200 <= status < 300
                if (actor, resource) == ("runner", "GET /"):  # who has nobody to watch goes to their own page
                    fits = (status, location) == (303, "/athlete/mia/today")
                if actor == "operator" and RESOURCES[resource].what == "own":
                    fits = status in NONE_OF_THEIRS or status == 200
                if actor == "operator" and "{name}" in resource:
                    fits = status == 404  # nobody has an account
            case "forbidden":
                fits = status == 403
            case "not there":
                fits = status == 404
            case _:
                fits = status == (401 if is_program else 303)
                fits = fits or (actor == "far-token" and status == 403 and is_program)
                fits = fits and (is_program or location.startswith("/sign-in"))
        if not fits:
            wrong.append((resource, athlete, expected(actor, resource, athlete), status, location))
    assert wrong == []


def test_the_matrix_has_every_role_and_every_route() -> None:
    n_roles, n_routes = len(ACTORS) + len(SIGNED_OUT), len(RESOURCES)
    counts = Counter(expected(*cell) for cell in cells())
    print(f"\n{n_roles} kinds of askers x {n_routes} routes and pages: {sum(counts.values())} cells, {dict(counts)}")
    assert counts["forbidden"] > 200
    assert counts["answered"] > 300


def routes_of(world: World) -> Iterator[tuple[str, Any]]:
    """Every route of the application and of the routers in it, as it is served: FastAPI puts them together late."""
    for route in world.app.routes:
        inner = getattr(route, "effective_route_contexts", None)
        served: list[Any] = [route] if inner is None else list(inner())
        for one in served:
            if getattr(one, "dependant", None) is not None:
                for method in sorted(one.methods or ()):
                    yield f"{method} {one.path}", one


def test_every_route_declares_what_it_needs(world: World) -> None:
    walked = list(routes_of(world))
    without = [name for name, one in walked if not any(isinstance(d.call, Need) for d in one.dependant.dependencies)]
    assert without == []
    assert len(walked) > 45


def test_every_page_is_one_of_those_that_declare_what_they_need() -> None:
    served = {
        route.path
        for route in core.app.routes
        if isinstance(route, APIRoute) and not route.path.startswith("/_nicegui") and "favicon" not in route.path
    }
    assert served == {page.path for page in PAGES}


def test_the_table_has_every_route_and_every_page(world: World) -> None:
    there = {name for name, _ in routes_of(world) if "/assets/" not in name} | {f"GET {page.path}" for page in PAGES}
    assert there - set(RESOURCES) - APART == set()
    assert set(RESOURCES) - there == set()


@pytest.mark.parametrize("actor", SIGNED_OUT)
@pytest.mark.parametrize(
    "path", ["/api/nothing", "/nothing", "/_nicegui/x.js", "/_nicegui_ws/socket.io/", "/openapi.json", "/docs"]
)
def test_what_is_not_there_tells_nobody_so(world: World, actor: str, path: str) -> None:
    answer = world.browser().get(path, enter(world, actor))
    assert answer.status_code in {401, 303, 404}
    assert answer.status_code != 404 or actor == "far-token"


@pytest.mark.parametrize("actor", ["nobody", "disabled", "expired"])
def test_no_websocket_is_opened_for_nobody(world: World, actor: str) -> None:
    enter(world, actor)
    assert world.browser().websocket_answer("/_nicegui_ws/socket.io/", "http://localhost") == "websocket.close"


@pytest.mark.parametrize("resource", RESOURCES)
def test_another_machine_gets_nothing_while_nobody_has_an_account(world: World, resource: str) -> None:
    world.begin_anew()
    asked, method = RESOURCES[resource], resource.partition(" ")[0]
    names = {
        "athlete": "mia",
        "sid": "mia-1",
        "job": "j",
        "token": "t",
        "browser": "b",
        "name": "n",
        "addressee": "a",
        "finding": "f",
    }
    names |= {"squad": "s", "gw": "edge-1"}
    path = resource.partition(" ")[2].format(**names)
    answer = world.browser(peer="192.168.1.20").request(method, path + asked.query, OWN, json=asked.body)
    if asked.what == "open":
        assert answer.status_code == 200
        assert "Mia" not in answer.text
    else:
        assert answer.status_code == 403
        assert "sensor-hub user add" in answer.text
