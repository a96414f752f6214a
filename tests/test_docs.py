"""Documents point at what exists and name every setting and command."""

import re
from fnmatch import fnmatch
from pathlib import Path
from typing import get_args

import pytest

from sensor_hub.config import Settings
from sensor_hub.signal.calibration.comparison import Reason

ROOT = Path(__file__).parents[1]
PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


@pytest.mark.parametrize("paper", PAPERS, ids=lambda p: p.name)
def test_every_relative_link_leads_somewhere(paper: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", paper.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (paper.parent / link).exists()]
    assert missing == []


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "hub.md").read_text(encoding="utf-8")
    assert [name for name in Settings.model_fields if f"SENSOR_HUB_{name.upper()}`" not in text] == []


def test_every_command_in_the_papers_exists() -> None:
    from typer.main import get_command

    from sensor_hub.cli.main import app

    group = get_command(app)
    known = set()
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        known |= {name, *(f"{name} {inner}" for inner in getattr(command, "commands", {}))}
    used = set()
    for paper in PAPERS:
        for first, second in re.findall(r"sensor-hub ([a-z]+)(?: ([a-z]+))?", paper.read_text(encoding="utf-8")):
            used.add(f"{first} {second}" if f"{first} {second}" in known or first in {"athlete", "session"} else first)
    assert used - known == set()


def test_every_target_in_the_papers_is_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.M))
    used = {t for p in PAPERS for t in re.findall(r"`make ([a-z-]+)`", p.read_text(encoding="utf-8"))}
    assert used
    assert used - targets == set()


@pytest.mark.parametrize("room", ["signal", "load", "edits", "guidelines"])
def test_the_map_of_a_room_of_many_questions_names_every_module(room: str) -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    table = text.split(f"Inside `{room}/`")[1].split("\n\n|")[1].split("\n\n")[0]
    modules = {path.stem for path in (ROOT / "sensor_hub" / room).rglob("*.py")} - {"__init__"}
    assert {name for name in modules if f"`{name}`" not in table} == set()


def test_the_map_of_the_web_room_names_every_module_or_its_family() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    names = re.findall(r"`([a-z_*]+)`", text.split("Inside `adapters/web/`")[1].split("\n\n## ")[0])
    modules = {path.stem for path in (ROOT / "sensor_hub" / "adapters" / "web").glob("*.py")} - {"__init__"}
    assert {m for m in modules if not any(fnmatch(m, name) for name in names)} == set()
    assert {name for name in names if not any(fnmatch(m, name) for m in modules)} == set()


@pytest.mark.parametrize("paper", PAPERS, ids=lambda p: p.name)
def test_no_table_is_cut_in_two_by_an_empty_line(paper: Path) -> None:
    assert re.findall(r"^\|.*\n\n\|.*\n(?!\|[-| :]+\|$)", paper.read_text(encoding="utf-8"), flags=re.M) == []


def test_every_paper_can_be_found_from_the_first_one() -> None:
    found, new = set[Path](), {ROOT / "README.md"}
    while new:
        found |= new
        links = {
            p.parent / link for p in new for link in re.findall(r"\]\(([^)#\s]+\.md)", p.read_text(encoding="utf-8"))
        }
        new = {link.resolve() for link in links if link.exists()} - found
    assert set(PAPERS) - found == set()


def test_every_reason_for_refusing_a_calibration_is_in_the_papers() -> None:
    text = (ROOT / "docs" / "calibration.md").read_text(encoding="utf-8")
    assert [reason for reason in get_args(Reason) if f"`{reason}`" not in text] == []


def test_the_papers_point_at_nothing_outside_the_repository() -> None:
    assert [p.name for p in PAPERS if re.search(r"\.\./shared|/work/", p.read_text(encoding="utf-8"))] == []
