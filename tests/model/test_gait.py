from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.model.gait import FLOAT_COLUMNS, StepTable
from tests.wire_strategies import step_tables


@given(st.lists(step_tables(), max_size=4))
def test_slices_of_a_concatenation_are_the_tables_again(tables: list[StepTable]) -> None:
    whole, at = StepTable.concatenate(tables), 0
    assert len(whole) == sum(map(len, tables))
    for table in tables:
        assert whole.slice(at, at + len(table)) == table
        at += len(table)


def test_unknown_cells_are_equal_to_unknown_cells() -> None:
    table = replace(one_row(), contact_time_s=np.array([np.nan]))
    assert table == replace(table, contact_time_s=np.array([np.nan]))
    assert table != one_row()


@pytest.mark.parametrize("name", [f.name for f in fields(StepTable)])
def test_tables_that_differ_in_one_column_differ(name: str) -> None:
    others = {"side": np.array(["R"]), "step_time_origin": np.array(["measured"]), "gait": np.array(["walk"])}
    changed = others[name] if name in others else getattr(one_row(), name) + 1
    assert replace(one_row(), **{name: changed}) != one_row()


def test_a_table_is_not_equal_to_something_else_and_cannot_be_a_key() -> None:
    assert one_row() != "steps"
    with pytest.raises(TypeError, match="unhashable"):
        hash(one_row())


def test_an_empty_table_has_every_column_and_no_rows() -> None:
    empty = StepTable.empty()
    assert len(empty) == 0
    assert {getattr(empty, name).dtype for name in FLOAT_COLUMNS} == {np.dtype(float)}
    assert StepTable.concatenate([]) == empty == StepTable.concatenate([empty, empty])


def test_rows_are_chosen_in_every_column() -> None:
    two = StepTable.concatenate([one_row(), replace(one_row(), side=np.array(["R"]), quality=np.array([0.25]))])
    chosen = two.only(np.array([False, True]))
    assert chosen == two.slice(1, 2)
    assert (len(chosen), chosen.side.tolist(), chosen.quality.tolist()) == (1, ["R"], [0.25])


def test_the_duty_factor_is_contact_time_over_two_steps_and_unknown_where_one_of_them_is() -> None:
    times = {"step_time_s": np.array([0.36, np.nan, 0.36, 0.0]), "contact_time_s": np.array([0.27, 0.27, np.nan, 0.27])}
    table = replace(StepTable.concatenate([one_row()] * 4), **times)
    np.testing.assert_allclose(table.duty_factor, [0.375, np.nan, np.nan, np.nan])
    assert StepTable.empty().duty_factor.tolist() == []


def test_seconds_count_from_the_given_microsecond() -> None:
    assert one_row().seconds_since(500_000).tolist() == [1.25]


def one_row() -> StepTable:
    columns = {name: np.array([0.5]) for name in FLOAT_COLUMNS}
    return StepTable(
        time_utc_us=np.array([1_750_000], dtype=np.int64),
        side=np.array(["L"]),
        step_time_origin=np.array(["estimated"]),
        gait=np.array(["run"]),
        **columns,
    )
