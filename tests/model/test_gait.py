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
    changed = np.array(["R"]) if name == "side" else getattr(one_row(), name) + 1
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


def test_seconds_count_from_the_given_microsecond() -> None:
    assert one_row().seconds_since(500_000).tolist() == [1.25]


def one_row() -> StepTable:
    columns = {name: np.array([0.5]) for name in FLOAT_COLUMNS}
    return StepTable(time_utc_us=np.array([1_750_000], dtype=np.int64), side=np.array(["L"]), **columns)
