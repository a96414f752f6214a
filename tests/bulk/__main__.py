"""``make bulk``: two thousand files, imported at once, and again with a kill -9 in the middle. Prints what it counted.

python -m tests.bulk [--files 2000] [--hours 50] [--keep FOLDER]
"""

import argparse
import os
import sys
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from sensor_hub.app.importing.bulk import import_paths
from sensor_hub.app.people import open_archive
from sensor_hub.config import Settings
from tests.bulk.account import FIRST_UTC, HOUR_S, Account, Run, make
from tests.bulk.killed import are_gone, imported, killed, n_sessions, stored, twin_of

LIMIT_S: Final = 0.5  # of one core, a FIT of an hour at one point a second, from file to store
HOURS: Final = 8  # of which the time is the least and the middle one


def main() -> int:
    """Run it all; return 1 where a count or the resumed store is wrong."""
    asked = argparse.ArgumentParser(prog="python -m tests.bulk")
    asked.add_argument("--files", type=int, default=2000)
    asked.add_argument("--hours", type=int, default=50)
    asked.add_argument("--timeout", type=float, default=3600.0, help="seconds an import may take")
    how = asked.parse_args()
    with tempfile.TemporaryDirectory() as temp:
        root = Path(temp)
        an_hour(root / "hour")
        begun_s = time.monotonic()
        account = make(root / "files", how.files, n_hours=how.hours)
        n_bytes = sum(f.stat().st_size for f in (root / "files").rglob("*") if f.is_file())
        print(f"{account.n_files} files, {n_bytes / 1e6:.0f} MB, written in {time.monotonic() - begun_s:.0f} s")
        with open_archive(settings_of(root / "whole")) as archive:
            archive.athlete(None)
        twin_of(root / "whole", root / "killed")
        good = whole(root, account, how.timeout)
        return 0 if resumed(root, account, how.timeout) and good else 1


def settings_of(data_dir: Path) -> Settings:
    """Settings of a folder of its own."""
    return Settings(data_dir=data_dir, zone="UTC")


def an_hour(folder: Path) -> None:
    """Time FITs of an hour: read, computed, stored and judged, in one process."""
    folder.mkdir()
    run = Run(FIRST_UTC, HOUR_S, 3.0, "fit")
    files = []
    for i in range(HOURS):
        files.append(folder / f"{i}.fit")
        files[-1].write_bytes(replace(run, start_utc=FIRST_UTC + i * timedelta(days=1)).content)
    took_s = []
    with open_archive(settings_of(folder / "hub")) as archive:
        for file in files:
            begun_s = time.process_time()
            report = import_paths([file], archive, jobs=1)
            took_s.append(time.process_time() - begun_s)
            assert report.counts["taken"] == 1
    least_s, middle_s = min(took_s), sorted(took_s)[len(took_s) // 2]
    print(f"a FIT of an hour: {least_s:.3f} s of one core at best, {middle_s:.3f} s in the middle (n = {HOURS});")
    print(f"  limit {LIMIT_S} s: {LIMIT_S / middle_s:.2f} x in the middle, {LIMIT_S / least_s:.2f} x at best")


def whole(root: Path, account: Account, timeout_s: float) -> bool:
    """Import everything without a stop, and then again."""
    jobs = os.cpu_count() or 1
    report = imported(root / "whole", [root / "files"], root / "whole.json", jobs=jobs, timeout_s=timeout_s)
    print(
        f"imported in {report['elapsed_s']:.0f} s with {jobs} processes: {account.n_files / report['elapsed_s']:.1f}/s"
    )
    expected = {name.replace(" ", "_"): n for name, n in account.expected.items()}
    counts = {name: n for name, n in report["counts"].items() if n}
    for name in sorted(expected.keys() | counts.keys()):
        print(f"  {name}: {counts.get(name, 0)}, expected {expected.get(name, 0)}")
    print(f"  of those taken in part: {report['taken_in_part']}, expected {account.n_in_part}")
    n_bytes = sum(str(r["why"]).startswith("the same file") for r in report["results"] if r["outcome"] == "doubled")
    n_runs = counts.get("doubled", 0) - n_bytes
    print(f"  doubled by their bytes: {n_bytes}, expected {account.n_same_bytes}")
    print(f"  doubled as the same run in another format: {n_runs}, expected {account.n_same_run}")
    print(f"  sessions stored: {n_sessions(root / 'whole')}, expected {account.n_sessions}")
    before = stored(root / "whole")
    again = imported(root / "whole", [root / "files"], root / "again.json", jobs=jobs, timeout_s=timeout_s)
    same = stored(root / "whole") == before
    print(
        f"again: {again['elapsed_s']:.0f} s, {again['counts']['already_there']} already there, store unchanged: {same}"
    )
    right = (counts, report["taken_in_part"]) == (expected, account.n_in_part)
    doubled = (n_bytes, n_runs) == (account.n_same_bytes, account.n_same_run)
    return right and doubled and same and n_sessions(root / "whole") == account.n_sessions


def resumed(root: Path, account: Account, timeout_s: float) -> bool:
    """Kill an import in the middle, begin it again, and hold the stores against each other."""
    n, workers = killed(root / "killed", [root / "files"], at_sessions=account.n_sessions // 2, timeout_s=timeout_s)
    gone = are_gone(workers)
    rest = imported(root / "killed", [root / "files"], root / "rest.json", timeout_s=timeout_s)
    same = stored(root / "killed") == stored(root / "whole")
    told = rest["counts"]
    print(f"killed -9 after {n} of {account.n_sessions} sessions; its {len(workers)} processes gone: {gone}")
    print(f"  begun again: {told['already_there']} already there, {told['taken']} taken, {rest['elapsed_s']:.0f} s")
    print(f"  the store is that of an uninterrupted import, row for row: {same}")
    return same and gone


if __name__ == "__main__":
    sys.exit(main())
