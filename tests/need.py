"""What a test needs from outside: skipped with its reason where missing, a failure where CI demands everything."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

SHARED = Path(__file__).parents[2] / "shared" / "data"
FETCHED = Path(__file__).parent / "reference" / "data"
SEARCH_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])


def missing(reason: str) -> NoReturn:
    """Skip with a reason; fail where CI demands everything."""
    if os.environ.get("SENSOR_HUB_REQUIRE_ALL") == "1":
        pytest.fail(f"SENSOR_HUB_REQUIRE_ALL=1, yet {reason}", pytrace=False)
    pytest.skip(reason)


def command(name: str) -> str:
    """Return the path of a server or browser, or skip."""
    found = shutil.which(name, path=SEARCH_PATH)
    if found is None:
        missing(f"{name} is not installed")
    return found


def data(relative: str) -> Path:
    """Return a real recording, from ../shared/data or from ``make fetch-data``, or skip."""
    for root in (SHARED, FETCHED):
        if (root / relative).exists():
            return root / relative
    missing(f"real recording {relative} is not here: no ../shared/data, and `make fetch-data` was not run")


def source_texts() -> list[str]:
    """Return the texts that the rows are of, or skip: they are others' words and no part of this repository."""
    folder = SHARED.parent / "seeds"
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
    return texts or missing("the source texts of the rules are not here")
