import pytest

from sensor_hub.guidelines.diary import diary_of
from sensor_hub.guidelines.pain.place import kind_of_trouble
from sensor_hub.model.diary import Said
from tests.guidelines.pain.diaries import noticed, pain


def place(*said: Said, side: str = "both") -> str:
    return kind_of_trouble(diary_of(said), side)  # type: ignore[arg-type]


@pytest.mark.row("D01")
@pytest.mark.parametrize(
    ("cm", "expected"),
    [(0, "insertional"), (1.9, "insertional"), (2, "mid-portion"), (6, "mid-portion"), (6.1, "above")],
)
def test_the_height_of_the_tender_point_with_a_thickening_tells_the_place(cm: float, expected: str) -> None:
    assert place(noticed("tenderness", "thickening", tender_cm=cm)) == expected


@pytest.mark.row("D01")
def test_the_middle_needs_a_thickening_and_no_pain_on_pulling_the_foot_up() -> None:
    assert place(noticed("tenderness", tender_cm=4)) == "unknown"
    assert place(noticed("tenderness", tender_cm=4, absent=("thickening",))) == "unknown"
    assert place(noticed("thickening", "pain-pulling-foot-up", tender_cm=4)) == "unknown"
    assert place(pain("morning", 2, site="mid-portion"), noticed("thickening")) == "mid-portion"
    assert place(pain("morning", 2, site="mid-portion")) == "unknown"


def test_nothing_said_is_unknown() -> None:
    assert place() == "unknown"
    assert place(pain("morning", 3), noticed("thickening")) == "unknown"


def test_the_newest_word_holds() -> None:
    assert place(noticed("thickening", tender_cm=4, days_ago=5), pain("morning", 2, site="insertion")) == "insertional"


def test_of_two_sides_the_one_that_allows_less_decides() -> None:
    left = noticed("thickening", tender_cm=4, side="L")
    right = noticed("tenderness", tender_cm=0.5, side="R")
    assert place(left, right) == "insertional"
    assert (place(left, right, side="L"), place(left, right, side="R")) == ("mid-portion", "insertional")
