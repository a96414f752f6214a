"""An import as a real process: run to its end, or killed with -9 on its way; and what a store holds afterwards."""

import json
import shutil
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.processes import Process, arguments_of


def stored(data_dir: Path) -> list[str]:
    """Everything in a store, as SQL, in an order of its own."""
    with closing(sqlite3.connect(data_dir / "store.db")) as db:
        return sorted(db.iterdump())


def n_sessions(data_dir: Path) -> int:
    """Sessions in a store; none where there is no store yet."""
    try:
        with closing(sqlite3.connect(f"file:{data_dir / 'store.db'}?mode=ro", uri=True)) as db:
            (n,) = db.execute("SELECT count(*) FROM sessions").fetchone()
    except sqlite3.OperationalError:
        return 0
    return int(n)


def children(pid: int) -> list[int]:
    """Processes that a process has started."""
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()] + [
        int(word)
        for task in Path(f"/proc/{pid}/task").iterdir()
        if task.name != str(pid)
        for word in (task / "children").read_text().split()
    ]


def twin_of(data_dir: Path, other: Path) -> Path:
    """Return a copy of a data folder: the same athletes, so the same ids."""
    shutil.copytree(data_dir, other)
    return other


def imported(data_dir: Path, paths: Sequence[Path], report: Path, *, jobs: int = 2, timeout_s: float = 600.0) -> Any:
    """Import to the end; return what the report says."""
    words = ["session", "import", *map(str, paths), "--jobs", str(jobs), "--report", str(report)]
    process = Process([*words, *arguments_of(data_dir)])
    try:
        code = process.wait(timeout_s)
    finally:
        process.close()
    assert code in {0, 2}, process.lines
    return json.loads(report.read_text(encoding="utf-8"))


def killed(
    data_dir: Path, paths: Sequence[Path], *, at_sessions: int, timeout_s: float = 300.0
) -> tuple[int, list[int]]:
    """Import until so many sessions are stored, then kill -9; return how many are, and the processes it had."""
    words = ["session", "import", *map(str, paths), "--jobs", "2"]
    process = Process([*words, *arguments_of(data_dir)])
    try:
        end_s = time.monotonic() + timeout_s
        while n_sessions(data_dir) < at_sessions:
            assert process.running, process.lines
            assert time.monotonic() < end_s
            time.sleep(0.02)
        workers = children(process._process.pid)
        process.kill()
    finally:
        process.close()
    return n_sessions(data_dir), workers


def are_gone(pids: Sequence[int], timeout_s: float = 30.0) -> bool:
    """Wait until none of the processes is left."""
    end_s = time.monotonic() + timeout_s
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        if time.monotonic() > end_s:
            return False
        time.sleep(0.05)
    return True
