"""What is cut out of an answer that somebody may have, and what is refused in the middle of one they may send."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from sensor_hub.adapters.web.rights import ASKED_AGAIN_S, Rights
from sensor_hub.adapters.web.site import LARGEST_BODY_BYTES
from sensor_hub.errors import RegistryError
from sensor_hub.model.access import NOBODY, OPERATOR, Account, Asker
from sensor_hub.model.diary import ConsentCategory, SayMedicine, SayProfile
from sensor_hub.model.ports import Outcome
from tests.adapters.web.accounts import MADE, PASSWORD
from tests.adapters.web.hub import ScriptedHub, finding
from tests.adapters.web.world import World

PAIN: frozenset[ConsentCategory] = frozenset(("load", "pain"))
EVERYTHING: frozenset[ConsentCategory] = frozenset(("load", "pain", "medication"))


@pytest.fixture(scope="module")
def made() -> World:
    return World()


@pytest.fixture
def world(made: World) -> World:
    made.begin_anew()
    made.fill()
    return made


def ids(answer: Any) -> set[str]:
    return {tile["athlete"]["id"] for tile in answer.json()}


def test_a_grid_holds_those_one_may_know_of(world: World) -> None:
    ask = world.browser().get
    everybody = {tile.athlete.id for tile in world.hub.roster}
    assert ids(ask("/api/athletes", world.signed_in("mia"))) == {"mia"}
    assert ids(ask("/api/athletes", world.token("mia"))) == {"mia"}
    assert ids(ask("/api/athletes", world.signed_in("coach-jon"))) == {"jon"}
    assert ids(ask("/api/athletes", world.signed_in("coach-all"))) == everybody
    assert ids(ask("/api/athletes", world.signed_in("boss"))) == everybody


def test_findings_are_of_those_whose_load_one_may_see(world: World) -> None:
    ask = world.browser().get

    def found(name: str) -> set[str]:
        return {one["athlete"] for one in ask("/api/findings", world.signed_in(name)).json()}

    assert found("mia") == {"mia"}
    assert found("coach-jon") == {"jon"}
    assert found("coach-all") == {"mia", "jon"}
    world.guide.allowed["mia"] = frozenset()
    assert found("coach-all") == {"jon"}


def test_a_tile_of_who_keeps_their_load_has_none_of_it(world: World) -> None:
    world.guide.allowed["mia"] = frozenset()
    (tile,) = world.browser().get("/api/athletes", world.signed_in("coach-mia")).json()
    assert (tile["state"], tile["shows_load"], tile["headroom"], tile["findings"]) == ("unknown", False, [], [])
    assert tile["totals"] is tile["cadence_spm"] is None
    (own,) = world.browser().get("/api/athletes", world.signed_in("mia")).json()
    assert (own["shows_load"], own["state"]) == (True, "alert")


def test_an_admin_is_not_told_what_decides_which_comes_of_a_diary(world: World) -> None:
    world.hub.change("mia", standing="stop")
    try:
        tiles = {t["athlete"]["id"]: t for t in world.browser().get("/api/athletes", world.signed_in("boss")).json()}
        assert tiles["mia"]["standing"] is None
        (own,) = world.browser().get("/api/athletes", world.signed_in("mia")).json()
        assert own["standing"] == "stop"
    finally:
        world.hub.change("mia", standing=None)


def test_a_coach_with_consent_to_pain_alone_reads_no_medicine_and_no_profile(world: World) -> None:
    day = date(2026, 11, 19)
    world.guide.say("mia", [SayMedicine("nsaid", day), SayProfile(born=date(1990, 1, 2))], by="page")

    def kinds() -> set[str]:
        told = world.browser().get("/api/athletes/mia/diary", world.signed_in("coach-mia")).json()
        return {line["said"]["kind"] for line in told["lines"]}

    world.guide.allowed["mia"] = PAIN
    assert kinds() == {"pain", "start-plan"}
    assert world.browser().get("/api/athletes/mia/guidance", world.signed_in("coach-mia")).status_code == 403
    world.guide.allowed["mia"] = EVERYTHING
    assert kinds() >= {"medicine", "profile"}


def test_nobody_gives_a_session_to_somebody_who_is_none_of_theirs(world: World) -> None:
    body = {"kind": "change", "sid": "mia-1", "athlete": "jon"}
    refused = world.browser().request("POST", "/api/athletes/mia/edits", world.signed_in("mia"), json=body)
    assert refused.status_code == 404
    several = [{"kind": "delete", "sid": "mia-1"}, body]
    assert world.browser().request("POST", "/api/athletes/mia/edits", world.signed_in("mia"), json=several).is_error
    assert world.keeping.edits == []
    assert world.browser().request("POST", "/api/athletes/mia/edits", world.signed_in("boss"), json=body).is_success


def test_who_gives_a_session_back_is_told_nothing_of_its_owners_load(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = world.keeping.view.sessions[0]
    theirs = replace(mine, summary=replace(mine.summary, header=replace(mine.summary.header, athlete="jon")))
    outcome = Outcome((), (mine, theirs), (finding("mia"), finding("jon")))
    monkeypatch.setattr(world.keeping, "undo", lambda *_args, **_more: outcome)

    def told(name: str) -> tuple[int, set[str]]:
        answer = world.browser().request("POST", "/api/athletes/mia/undo", world.signed_in(name), json={}).json()
        return len(answer["sessions"]), {one["athlete"] for one in answer["findings"]}

    assert told("mia") == (1, {"mia"})
    assert told("boss") == (2, {"mia", "jon"})


def test_a_journal_says_the_role_of_who_wrote_and_never_a_name(world: World) -> None:
    for name in ("mia", "boss"):
        body = {"kind": "delete", "sid": "mia-1"}
        assert world.browser().request("POST", "/api/athletes/mia/edits", world.signed_in(name), json=body).is_success
    body = {"kind": "set-policy", "policy": "strict"}
    assert world.browser().request("POST", "/api/athletes/mia/diary", world.signed_in("mia"), json=body).is_success
    assert (world.keeping.by, world.guide.by) == (["runner", "admin"], ["runner"])


def test_a_coach_of_some_sees_and_gives_the_pods_of_those_and_of_nobody(world: World) -> None:
    headers = world.signed_in("coach-mia")

    def change(body: object) -> int:
        return world.browser().request("POST", "/api/roster", headers, json=body).status_code

    told = world.browser().get("/api/roster", headers).json()
    assert {pod["device"] for pod in told["pods"]} == {"pod-4", "pod-5"}
    assert change({"kind": "bind", "device": "pod-4", "athlete": "jon"}) == 404
    assert change({"kind": "bind", "device": "pod-3", "athlete": "mia"}) == 409
    assert change({"kind": "swap", "one": "pod-4", "other": "pod-3"}) == 409
    assert change({"kind": "clear", "device": "ada-pod"}) == 409
    assert change({"kind": "copy", "day": "2026-11-01"}) == 403
    assert world.roster.asked == []
    assert change({"kind": "bind", "device": "pod-4", "athlete": "mia"}) == 200
    assert change({"kind": "clear"}) == 200
    assert [asked[:2] for asked in world.roster.asked] == [("bind", "pod-4"), ("clear", "pod-4")]


def test_a_token_makes_no_tokens_and_changes_no_password(world: World) -> None:
    headers = world.token("mia", reads_only=False)
    ask = world.browser().request
    assert ask("POST", "/api/account/tokens", headers, json={"name": "more"}).status_code == 403
    assert ask("POST", "/api/account/password", headers, json={"old": "a", "new": "b"}).status_code == 403
    assert ask("GET", "/api/account", headers).status_code == 200


def test_a_token_that_may_change_makes_no_account_and_sets_nobodys_password(world: World) -> None:
    headers = {**world.token("boss", reads_only=False), "X-Sensor-Hub": "1"}
    ask, before = world.browser().request, world.accounts.accounts()
    new = {"name": "mine", "role": "admin", "password": PASSWORD}
    assert ask("POST", "/api/accounts", headers, json=new).status_code == 403
    assert ask("PATCH", "/api/accounts/boss", headers, json={"password": f"{PASSWORD} more"}).status_code == 403
    assert ask("PATCH", "/api/accounts/mia", headers, json={"role": "admin", "athletes": []}).status_code == 403
    assert ask("DELETE", "/api/accounts/second", headers).status_code == 403
    assert world.accounts.accounts() == before
    assert world.accounts.passwords[world.accounts.held["boss"].id] == PASSWORD
    assert ask("GET", "/api/accounts", headers).status_code == 200


def test_a_consent_that_cannot_be_read_is_none(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may have been taken back: an entry of a newer version, a database that is busy."""

    def fails(_self: object, athlete: str) -> frozenset[ConsentCategory]:
        raise RegistryError("entry 7 of the journal cannot be read")

    monkeypatch.setattr(type(world.guide), "consents", fails)
    headers = world.signed_in("coach-mia")
    assert world.browser().get("/api/athletes/mia/load", headers).status_code == 403
    (tile,) = world.browser().get("/api/athletes", headers).json()
    assert (tile["shows_load"], tile["state"]) == (False, "unknown")
    assert world.browser().get("/api/athletes/mia/load", world.signed_in("mia")).status_code == 200


def test_a_body_that_is_far_too_large_is_not_taken_in(world: World) -> None:
    line = {"kind": "delete", "sid": "x" * LARGEST_BODY_BYTES}
    answer = world.browser().request("POST", "/api/athletes/mia/edits", world.signed_in("mia"), json=line)
    assert answer.status_code == 413
    assert world.keeping.edits == []


def test_who_is_merged_into_another_is_imported_for_and_erased_as_that_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else somebody could be erased, by one of their pseudonyms, while files come in by the other."""
    by_id = world.hub.athlete
    monkeypatch.setattr(world.hub, "athlete", lambda who: by_id("mia" if who == "was-mia" else who))
    headers = {**world.signed_in("mia"), "X-Sensor-Hub": "1"}
    ask = world.browser().request
    monkeypatch.setattr(world.writing.jobs, "is_busy", lambda who: who == "mia")
    job = ask("POST", "/api/athletes/was-mia/import?name=run.fit", headers, content=b"FIT").json()
    assert ask("GET", f"/api/jobs/{job['id']}", headers).status_code == 200
    erased = ask("DELETE", "/api/athletes/was-mia", headers, json={"display_name": "Mia Lindqvist"})
    assert erased.status_code == 409


def test_a_file_of_who_is_disabled_while_it_is_sent_is_not_imported(world: World) -> None:
    headers = {**world.signed_in("mia"), "X-Sensor-Hub": "1"}
    before = world.writing.jobs.of("mia")

    async def slowly() -> AsyncIterator[bytes]:
        yield b"FIT"
        world.accounts.change("mia", disabled=True)
        yield b"FIT"

    answer = world.browser().request("POST", "/api/athletes/mia/import?name=run.fit", headers, content=slowly())
    assert answer.status_code in {403, 404}
    assert world.writing.jobs.of("mia") == before


def test_nobody_ends_a_session_or_a_token_of_somebody_else(world: World) -> None:
    token = world.accounts.add_token(world.accounts.held["boss"].id, "theirs")[0].id
    world.signed_in("boss")
    browser = world.accounts.sessions(world.accounts.held["boss"].id)[0].id
    headers = {**world.signed_in("mia"), "X-Sensor-Hub": "1"}
    for path in (f"tokens/{token}", f"browsers/{browser}"):
        assert world.browser().request("DELETE", f"/api/account/{path}", headers).status_code == 404
    assert len(world.accounts.tokens(world.accounts.held["boss"].id)) == 1


def test_rights_are_read_again_when_accounts_change_after_a_while_and_for_every_change() -> None:
    now_s, version, asked = [100.0], [1], [0]
    asker = [Asker("account", Account("a", "mia", "runner", ("mia",), MADE), via="session")]

    def ask() -> Asker:
        asked[0] += 1
        return asker[0]

    rights = Rights(ask, ScriptedHub(), version=lambda: version[0], clock_s=lambda: now_s[0])
    assert rights.may("see-load", athlete="mia")
    assert rights.may("see-load", athlete="mia")
    assert asked == [1]
    asker[0] = NOBODY
    assert rights.may("see-load", athlete="mia"), "known a moment ago"
    assert not rights.may("edit-history", athlete="mia", anew=True)
    asker[0] = OPERATOR
    now_s[0] += ASKED_AGAIN_S
    assert rights.may("back-up")
    asker[0], version[0] = NOBODY, 2
    now_s[0] += timedelta(seconds=1).total_seconds()
    assert not rights.may("see-grid")
