import ast
import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests import need
from tests.reference.fetch import HERE, load_sources, main

GOOD, CHANGED = b"time,aX\n1,2\n", b"time,aX\n1,3\n"
LIST = """
[repository.r]
name = "somebody/runs"
commit = "c0ffee"
licence = "MIT"
[[file]]
target = "imu/good one.csv"
repository = "r"
path = "data/good one.csv"
sha256 = "{good}"
bytes = 12
[[file]]
target = "made.csv"
sha256 = "{good}"
bytes = 12
derived = "by hand"
"""
ANOTHER = """
[[file]]
target = "imu/other.csv"
repository = "r"
path = "data/{path}"
sha256 = "{sha256}"
bytes = {n_bytes}
"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Tests print nothing of their own accord."""


@pytest.fixture
def base_url(tmp_path: Path) -> Iterator[str]:
    served = tmp_path / "served" / "somebody" / "runs" / "c0ffee" / "data"
    served.mkdir(parents=True)
    (served / "good one.csv").write_bytes(GOOD)
    (served / "changed.csv").write_bytes(CHANGED)
    (served / "long.csv").write_bytes(GOOD * 1000)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path / "served")) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def run(tmp_path: Path, base_url: str, *more: str) -> int:
    sources = tmp_path / "sources.toml"
    sources.write_text(LIST.format(good=sha256(GOOD)) + "".join(more))
    return main(["--base-url", base_url, "--sources", str(sources), "--into", str(tmp_path / "data")])


def files(tmp_path: Path) -> list[str]:
    return sorted(str(p.relative_to(tmp_path / "data")) for p in (tmp_path / "data").rglob("*") if p.is_file())


def test_a_file_with_the_right_checksum_arrives_and_is_not_fetched_twice(
    tmp_path: Path, base_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, base_url) == 0
    assert (tmp_path / "data" / "imu" / "good one.csv").read_bytes() == GOOD
    said = capsys.readouterr().out
    assert "[1/1] imu/good one.csv: 12 bytes, checksum right" in said
    assert "1 derived files are not published" in said
    (tmp_path / "served" / "somebody" / "runs" / "c0ffee" / "data" / "good one.csv").unlink()
    assert run(tmp_path, base_url) == 0
    assert "here already" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("path", "says"),
    [("changed.csv", "sha256 is"), ("missing.csv", "404"), ("long.csv", "longer than the 12 bytes")],
)
def test_what_is_not_as_it_should_be_is_listed_and_leaves_nothing(
    tmp_path: Path, base_url: str, capsys: pytest.CaptureFixture[str], path: str, says: str
) -> None:
    assert run(tmp_path, base_url, ANOTHER.format(path=path, sha256=sha256(GOOD), n_bytes=12)) == 1
    assert files(tmp_path) == ["imu/good one.csv"], "the others still arrive, and no part of this one stays"
    said = capsys.readouterr().out
    assert "1 of 2 files could not be had" in said
    assert says in said.splitlines()[-1]
    assert said.splitlines()[-1].strip().startswith("imu/other.csv: ")


def test_a_damaged_copy_is_replaced(tmp_path: Path, base_url: str) -> None:
    target = tmp_path / "data" / "imu" / "good one.csv"
    target.parent.mkdir(parents=True)
    target.write_bytes(CHANGED)
    assert run(tmp_path, base_url) == 0
    assert target.read_bytes() == GOOD


def test_a_refused_connection_is_a_failure_of_every_file(
    tmp_path: Path, base_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "http://127.0.0.1:9") == 1
    assert "1 of 1 files could not be had" in capsys.readouterr().out
    assert files(tmp_path) == []


SOURCES = load_sources(HERE / "sources.toml")


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.target)
def test_a_listed_recording_has_the_listed_checksum(source: Any) -> None:
    data = need.data(source.target).read_bytes()
    assert (sha256(data), len(data)) == (source.sha256, source.n_bytes)


def literal_paths() -> Iterator[tuple[Path, str]]:
    for module in Path(need.__file__).parent.rglob("test_*.py"):
        text = module.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if "need.data" in text else ():
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func) == "need.data"
                and isinstance(node.args[0], ast.Constant)
            ):
                yield module, str(node.args[0].value)


def test_every_recording_a_test_names_is_listed_with_its_source() -> None:
    targets = [source.target for source in SOURCES]
    named = list(literal_paths())
    assert named
    for module, path in named:
        assert any(target == path or target.startswith(f"{path}/") for target in targets), f"{module}: {path}"
