"""The public workflow: pinned, with no more rights than it needs, and every command of it is there."""

import re
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

ROOT: Final = Path(__file__).parents[1]
TEXT: Final = (ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8")
JOBS: Final[dict[str, dict[str, Any]]] = yaml.safe_load(TEXT)["jobs"]
STEPS: Final = [(job, step) for job, told in JOBS.items() for step in told["steps"]]


def test_it_may_read_the_code_and_nothing_else_and_knows_no_secret() -> None:
    assert yaml.safe_load(TEXT)["permissions"] == {"contents": "read"}
    assert not [job for job, told in JOBS.items() if "permissions" in told]
    assert "secrets." not in TEXT
    assert "pull_request_target" not in TEXT
    assert all(step["with"]["persist-credentials"] is False for _, step in STEPS if "checkout" in step.get("uses", ""))


def test_every_action_is_pinned_and_every_job_ends() -> None:
    for job, step in STEPS:
        if "uses" in step:
            assert re.fullmatch(r"actions/(checkout|setup-python)@[0-9a-f]{40}", step["uses"]), (job, step["uses"])
    assert all(told["timeout-minutes"] <= 120 for told in JOBS.values())
    assert all(re.search(r"-\d|:\d", told["runs-on"]) for told in JOBS.values())


def test_every_target_and_file_it_names_is_there() -> None:
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    run = "\n".join(step["run"] for _, step in STEPS if "run" in step)
    assert set(re.findall(r"\bmake ([a-z-]+)", run)) - {"openssl"} <= targets
    for path in re.findall(r"\b(?:deploy|tests|\.github)/[\w./-]+", run):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("script", ["deploy/smoke.sh", "deploy/setup.sh"])
def test_its_scripts_parse(script: str) -> None:
    shell = (ROOT / script).read_text(encoding="utf-8").splitlines()[0].removeprefix("#!")
    subprocess.run([shell, "-n", ROOT / script], check=True)
