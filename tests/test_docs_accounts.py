"""The table of roles in the paper is the one the program goes by."""

import re
from pathlib import Path

from sensor_hub.model.access import HUB_ACTIONS, PERSON_ACTIONS, ROLES
from tests.access_table import cell

PAPER = Path(__file__).parents[1] / "docs" / "accounts.md"
SAYS = {"o": "own", "c": "with consent", "a": "everybody", "y": "yes", "-": "–"}


def test_every_cell_of_the_paper_is_what_the_program_does() -> None:
    line = r"^\| `([a-z-]+)`[^|]*\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$"
    rows = re.findall(line, PAPER.read_text(encoding="utf-8"), re.MULTILINE)
    assert [row[0] for row in rows] == [*PERSON_ACTIONS, *HUB_ACTIONS]
    for action, *cells in rows:
        assert cells == [SAYS[cell(role, action)] for role in ROLES], action
