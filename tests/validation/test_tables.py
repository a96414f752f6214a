from tests.validation.report_reference import ABSENT, sacral_trials, shank_run
from tests.validation.tables import UNKNOWN, cell, signed, table


def test_what_is_unknown_is_a_dash_and_no_zero() -> None:
    assert cell(None) == cell(None, 1) == signed(None) == UNKNOWN


def test_a_bias_has_its_sign_and_zero_has_none() -> None:
    assert (signed(1.26), signed(-1.26), signed(-0.04), signed(0.0)) == ("+1.3", "-1.3", "0.0", "0.0")


def test_a_table_has_a_row_for_each_row_and_as_many_cells() -> None:
    lines = table(("a", "b"), [["1", "2"], ["3", "x|y"]]).splitlines()
    assert lines == ["| a | b |", "|---|---:|", "| 1 | 2 |", "| 3 | x\\|y |"]


def test_a_section_without_its_recordings_says_so() -> None:
    assert ABSENT in sacral_trials(None)
    assert ABSENT in shank_run(None)
