import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from sensor_hub.adapters.web import WriteSide, create_app, uploads
from tests.adapters.web.asgi import Browser
from tests.adapters.web.history import ScriptedData, ScriptedHistory, ScriptedRoster
from tests.adapters.web.hub import ScriptedHub

OWN = {"X-Sensor-Hub": "1"}


@pytest.fixture
def data() -> ScriptedData:
    return ScriptedData()


@pytest.fixture
def roster() -> ScriptedRoster:
    return ScriptedRoster()


@pytest.fixture
def writing(data: ScriptedData, roster: ScriptedRoster) -> WriteSide:
    return WriteSide(ScriptedHistory(), data=data, roster=roster)


@pytest.fixture
def client(writing: WriteSide, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Browser:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return Browser(create_app(ScriptedHub(), writing))


def ended(client: Browser, job: str) -> Any:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        told = client.get(f"/api/jobs/{job}").json()
        if told["state"] in {"done", "failed"}:
            return told
        time.sleep(0.01)
    pytest.fail("the job does not end")


def test_a_file_is_imported_after_the_answer_and_leaves_nothing_behind(
    client: Browser, data: ScriptedData, tmp_path: Path
) -> None:
    answer = client.request("POST", "/api/athletes/mia/import?name=../../run%201.fit", OWN, content=b"FIT" * 1000)
    assert answer.status_code == 202, answer.text
    told = ended(client, answer.json()["id"])
    assert (told["state"], told["n_done"], told["n_total"]) == ("done", 2, 2)
    assert told["counts"] == {"taken": 1, "refused": 1}
    assert told["notes"] == ["b.fit: broken header (send it again)"]
    assert data.imported == [("mia", "run 1.fit", b"FIT" * 1000)]
    assert list(tmp_path.iterdir()) == []


def test_an_import_that_fails_says_why(client: Browser, data: ScriptedData, tmp_path: Path) -> None:
    data.problem = "a.zip: not a zip (choose another file)"
    answer = client.request("POST", "/api/athletes/mia/import?name=a.zip", OWN, content=b"x")
    told = ended(client, answer.json()["id"])
    assert (told["state"], told["problem"]) == ("failed", "a.zip: not a zip (choose another file)")
    assert list(tmp_path.iterdir()) == []


def test_an_upload_without_our_header_is_refused(client: Browser, data: ScriptedData) -> None:
    answer = client.request("POST", "/api/athletes/mia/import?name=a.fit", content=b"x")
    assert answer.status_code == 403
    assert "X-Sensor-Hub" in answer.json()["detail"]
    assert data.imported == []


def test_an_empty_or_nameless_file_is_refused(client: Browser, tmp_path: Path) -> None:
    assert client.request("POST", "/api/athletes/mia/import?name=a.fit", OWN, content=b"").status_code == 400
    assert client.request("POST", "/api/athletes/mia/import", OWN, content=b"x").status_code == 422
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_too_large_is_refused_before_it_is_kept(
    client: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads.Drop.fill, "__defaults__", (100,))
    answer = client.request("POST", "/api/athletes/mia/import?name=a.fit", OWN, content=b"x" * 101)
    assert answer.status_code == 413
    assert list(tmp_path.iterdir()) == []


def test_export_and_backup_are_files_that_leave_nothing_behind(client: Browser, tmp_path: Path) -> None:
    export = client.get("/api/athletes/mia/export")
    assert (export.status_code, export.content) == (200, b"PK of mia")
    assert export.headers["content-type"] == "application/zip"
    assert 'filename="mia.zip"' in export.headers["content-disposition"]
    assert client.get("/api/backup").content == b"backup"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["/api/athletes/mia/export", "/api/backup"])
def test_a_download_set_off_by_a_foreign_page_is_refused(client: Browser, path: str) -> None:
    assert client.get(path, {"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get(path, {"Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_erasing_asks_for_the_name_and_answers_with_the_receipt(client: Browser, data: ScriptedData) -> None:
    for wrong in ("", "mia", "Mia lindqvist"):
        refused = client.request("DELETE", "/api/athletes/mia", json={"display_name": wrong})
        assert refused.status_code == 409
    assert client.request("DELETE", "/api/athletes/mia").status_code == 415
    assert client.request("DELETE", "/api/athletes/nobody", json={"display_name": ""}).status_code == 404
    assert data.erased == []
    done = client.request("DELETE", "/api/athletes/mia", json={"display_name": "Mia Lindqvist"})
    assert (done.status_code, data.erased) == (200, ["mia"])
    assert done.json() == {
        "complete": True, "receipt": {"rows": 42},
        "lines": ["42 rows erased from the store.", "Nothing was found afterwards."],
    }  # fmt: skip


def test_shoes_have_what_was_run_in_them(client: Browser) -> None:
    grey, flats = client.get("/api/athletes/mia/shoes").json()
    assert (grey["name"], grey["distance_m"], grey["n_runs"], grey["today"]) == ("Grey trainers", 412_300, 51, True)
    assert (flats["drop_mm"], flats["distance_m"], flats["known_distance_m"]) == (None, None, 20_100)


def test_a_pair_is_added_put_right_and_retired(client: Browser, data: ScriptedData) -> None:
    body = {"name": "Blue", "drop_mm": 4, "start_distance_m": 5000}
    assert [s["name"] for s in client.post("/api/athletes/mia/shoes", body).json()][-1] == "Blue"
    assert client.post("/api/athletes/mia/shoes", body).status_code == 409
    retired = {"id": "shoe-b", "name": "Old flats", "retired": True}
    assert client.post("/api/athletes/mia/shoes", retired).json()[1]["retired"] is True
    assert client.post("/api/athletes/jon/shoes", retired).status_code == 404, "another person's"
    assert data.pairs["shoe-b"].name == "Old flats"


@pytest.mark.parametrize("body", [{"name": ""}, {"name": "x", "drop_mm": 400}, {"name": "x", "start_distance_m": -1}])
def test_a_pair_that_cannot_be_is_refused(client: Browser, data: ScriptedData, body: dict[str, Any]) -> None:
    assert client.post("/api/athletes/mia/shoes", body).status_code == 422
    assert len(data.pairs) == 2


def test_the_roster_says_whose_each_pod_is_and_never_its_address(client: Browser) -> None:
    answer = client.get("/api/roster")
    pods = {pod["device"]: pod for pod in answer.json()["pods"]}
    assert (pods["pod-3"]["athlete_name"], pods["pod-3"]["side"]) == ("Jonas Okafor", "L")
    assert pods["pod-3"]["until_utc"] == answer.json()["until_utc"] == "2026-11-20T16:30:00Z"
    assert (pods["ada-pod"]["owner"], pods["ada-pod"]["until_utc"]) == ("ada", None)
    assert "AA:0" not in answer.text


def test_pods_are_given_swapped_and_cleared(client: Browser, roster: ScriptedRoster) -> None:
    given = {"kind": "bind", "device": "pod-4", "athlete": "mia", "side": "R"}
    assert client.post("/api/roster", given).json()["pods"][1]["athlete"] == "mia"
    swapped = client.post("/api/roster", {"kind": "swap", "one": "pod-3", "other": "pod-4"}).json()["pods"]
    assert [pod["athlete"] for pod in swapped[:2]] == ["mia", "jon"]
    assert client.post("/api/roster", {"kind": "clear"}).json()["until_utc"] is None
    assert roster.asked == [
        ("bind", "pod-4", "mia", "R", None, False), ("swap", "pod-3", "pod-4"), ("clear", None)
    ]  # fmt: skip


def test_a_pod_of_somebody_is_taken_only_when_it_is_agreed(client: Browser) -> None:
    lent = {"kind": "bind", "device": "ada-pod", "athlete": "mia"}
    refused = client.post("/api/roster", lent)
    assert (refused.status_code, "for good" in refused.json()["detail"]) == (409, True)
    assert client.post("/api/roster", {**lent, "agreed": True}).status_code == 200


def test_nothing_of_this_is_done_for_another_machine(
    writing: WriteSide, data: ScriptedData, roster: ScriptedRoster
) -> None:
    far = Browser(create_app(ScriptedHub(), writing), peer="192.168.1.20")
    answers = [
        far.get("/api/athletes/mia/shoes"),
        far.get("/api/roster"),
        far.get("/api/athletes/mia/export"),
        far.get("/api/backup"),
        far.request("DELETE", "/api/athletes/mia", json={"display_name": "Mia Lindqvist"}),
        far.request("POST", "/api/athletes/mia/import?name=a.fit", OWN, content=b"x"),
        far.post("/api/athletes/mia/shoes", {"name": "Blue"}),
        far.post("/api/roster", {"kind": "clear"}),
    ]
    assert [answer.status_code for answer in answers] == [403] * 8
    assert (data.erased, data.imported, len(data.pairs), roster.asked) == ([], [], 2, [])


def test_every_field_that_is_written_or_read_says_what_it_is(client: Browser) -> None:
    document = client.get("/api/openapi.json").json()
    for name, schema in document["components"]["schemas"].items():
        if "ValidationError" in name:  # FastAPI's own
            continue
        for field, definition in schema.get("properties", {}).items():
            assert definition.get("description") or "$ref" in str(definition), (name, field)
    ids = [op["operationId"] for path in document["paths"].values() for op in path.values()]
    assert len(ids) == len(set(ids))
    writing = {"edit", "undo", "set_shoe", "import_file", "erase", "set_roster", "export", "backup"}
    assert writing < set(ids)
    for path in document["paths"].values():
        for operation in path.values():
            if operation["operationId"] in writing:
                assert "403" in operation["responses"], operation["operationId"]


@pytest.mark.parametrize("path", ["/api/athletes/mia/export", "/api/backup"])
@pytest.mark.parametrize("wanted", ["bytes=0-2", "bytes=9-2", "bytes=99999-", "nonsense"])
def test_a_download_leaves_nothing_behind_whatever_range_is_asked_for(
    client: Browser, tmp_path: Path, path: str, wanted: str
) -> None:
    client.get(path, {"Range": wanted})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("path", "part"), [("/api/athletes/mia/export", "export"), ("/api/backup", "backup")])
def test_a_download_that_fails_half_way_leaves_nothing_behind(
    client: Browser, data: ScriptedData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, part: str
) -> None:
    def fails(*told: str) -> None:
        Path(told[-1]).write_bytes(b"half of it")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(data, part, fails)
    assert client.get(path).status_code == 500
    assert list(tmp_path.iterdir()) == []


def test_a_download_tells_how_long_it_is(client: Browser) -> None:
    answer = client.get("/api/athletes/mia/export", {"Accept-Encoding": "gzip"})
    assert answer.headers["content-length"] == str(len(b"PK of mia"))


def test_a_full_disk_is_said_and_leaves_nothing_behind(
    client: Browser, data: ScriptedData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.open

    class Full:
        def __init__(self, path: Path) -> None:
            self.file = real(path, "xb")

        def __enter__(self) -> "Full":
            return self

        def __exit__(self, *_: object) -> None:
            self.file.close()

        def write(self, _chunk: bytes) -> None:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "open", lambda path, mode: Full(path) if "sensor-hub-" in str(path) else real(path, mode))
    answer = client.request("POST", "/api/athletes/mia/import?name=a.fit", OWN, content=b"x" * 100)
    monkeypatch.undo()
    assert (answer.status_code, answer.json()["detail"]) == (
        507,
        "the hub cannot keep the file: No space left on device",
    )
    assert (data.imported, list(tmp_path.iterdir())) == ([], [])


def test_a_pod_that_fits_several_places_is_given_with_its_place(client: Browser, roster: ScriptedRoster) -> None:
    given = {"kind": "bind", "device": "pod-4", "athlete": "mia", "side": "R", "mount": "shank"}
    assert client.post("/api/roster", given).status_code == 200
    line = roster.pods["pod-4"].line
    assert line is not None
    assert line.mount == "shank"
    assert client.post("/api/roster", {**given, "mount": "hat"}).status_code == 422


def test_nobody_is_erased_while_their_files_are_imported_and_no_file_name_outlives_them(
    client: Browser, data: ScriptedData, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, real = threading.Event(), data.import_file

    def waits(*told: Any) -> Any:
        go.wait(10)
        return real(*told)

    monkeypatch.setattr(data, "import_file", waits)
    job = client.request("POST", "/api/athletes/mia/import?name=mias-run.fit", OWN, content=b"FIT").json()["id"]
    refused = client.request("DELETE", "/api/athletes/mia", json={"display_name": "Mia Lindqvist"})
    assert (refused.status_code, data.erased) == (409, [])
    go.set()
    ended(client, job)
    assert client.request("DELETE", "/api/athletes/mia", json={"display_name": "Mia Lindqvist"}).status_code == 200
    assert client.get(f"/api/jobs/{job}").status_code == 404
