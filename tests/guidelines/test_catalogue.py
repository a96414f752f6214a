"""Every row of the source texts has a rule and a test, or a reason; nothing is told twice, and the page is current."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sensor_hub import guidelines
from sensor_hub.app.guiding.rules import Book
from sensor_hub.guidelines.catalogue import CONFLICTS, ROWS, RULES, Row, conflict_of, row_of, rules_of
from sensor_hub.guidelines.catalogue.row_tests import ROW_TESTS
from sensor_hub.guidelines.catalogue.rules import STANDING, why_not_set
from sensor_hub.guidelines.catalogue.texts import TEXTS
from sensor_hub.model.diary import SetRule
from sensor_hub.model.rule import RuleInfo
from sensor_hub.words.rule_titles import titles
from sensor_hub.words.rules import row_counts
from tests import need, rules_page

PACKAGE = Path(guidelines.__file__).parents[1]
IMPLEMENTED = [row for row in ROWS if not row.refused]
REFUSED = [row for row in ROWS if row.refused]
A_RUN = 6  # so many words in a row are somebody's sentence


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower().replace("’", "").replace("'", ""))


def runs_of_words(text: str) -> set[tuple[str, ...]]:
    words = words_of(text)
    return {tuple(words[k : k + A_RUN]) for k in range(len(words) - A_RUN + 1)}


def strings_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def infos_of_modules() -> Iterator[tuple[str, RuleInfo]]:
    for module in pkgutil.walk_packages(guidelines.__path__, "sensor_hub.guidelines."):
        for value in vars(importlib.import_module(module.name)).values():
            several = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else (value,)
            yield from ((module.name, info) for info in several if isinstance(info, RuleInfo))


def test_there_are_138_rows_and_none_twice() -> None:
    ids = [f"A{n:02}" for n in range(1, 30)] + [f"B{n:02}" for n in range(1, 18)] + [f"C{n:02}" for n in range(1, 16)]
    ids += [f"D{n:02}" for n in range(1, 59)] + ["D33b", "D33c"] + [f"E{n:02}" for n in range(1, 18)]
    assert len(ids) == 138
    assert sorted(row.id for row in ROWS) == sorted(ids)


@pytest.mark.parametrize("row", IMPLEMENTED, ids=lambda row: row.id)
def test_an_implemented_row_has_a_rule_of_its_class_and_a_test(row: Row) -> None:
    found = rules_of(row.id)
    assert found, f"{row.id}: no rule has it among its rows"
    if row.kind != "P":  # of a diary or plan also what sessions say beside it
        assert row.kind in {info.kind for info in found}
    assert rules_page.row_tests().get(row.id), f"{row.id}: no test is marked with it"


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row.id)
def test_a_refused_row_has_a_reason_no_rule_and_a_test_that_it_is_not_there(row: Row) -> None:
    assert len(row.reason.split()) > 8
    assert rules_of(row.id) == ()
    assert rules_page.row_tests().get(row.id)


def test_rows_are_counted_by_class_and_state() -> None:
    counts = row_counts(Book().rows())
    assert sum(n for by_state in counts.values() for n in by_state.values()) == 138
    assert counts["T"]["refused"] == 3
    assert counts["S"]["refused"] == counts["P"]["refused"] == 0


def test_every_rule_of_the_guidelines_is_in_the_catalogue_once() -> None:
    collected = [info.id for info in RULES]
    assert len(collected) == len(set(collected))
    assert {(where, info.id) for where, info in infos_of_modules() if info not in RULES} == set()


def test_a_rule_names_only_rows_that_exist() -> None:
    known = {row.id for row in ROWS}
    assert {(info.id, row) for info in RULES for row in info.rows if row not in known} == set()


def test_every_rule_has_a_name_of_its_own() -> None:
    known = titles()
    assert [info.id for info in RULES if info.id not in known] == []


def test_parameters_lie_in_their_own_range() -> None:
    wrong = [(i.id, p.name) for i in RULES for p in i.parameters if not p.low <= p.value <= p.high]
    assert wrong == []


def test_every_conflict_is_of_rows_that_exist_and_every_row_names_one_that_has_it() -> None:
    assert [conflict.id for conflict in CONFLICTS] == [f"C{n}" for n in range(1, 16)]
    for conflict in CONFLICTS:
        assert [row_of(row).id for row in conflict.rows] == list(conflict.rows)
    for row in ROWS:
        if row.conflict:
            assert row.id in conflict_of(row.conflict).rows


def test_the_list_of_tests_and_the_page_are_current() -> None:
    assert dict(ROW_TESTS) == rules_page.row_tests(), "run `make rules-page`"
    assert rules_page.PAGE.read_text(encoding="utf-8") == rules_page.page(), "run `make rules-page`"
    assert rules_page.ROW_TESTS.read_text(encoding="utf-8") == rules_page.row_tests_module()


def test_marks_are_found_on_tests_classes_files_and_parameters(tmp_path: Path) -> None:
    file = tmp_path / "test_marks.py"
    file.write_text(
        "import pytest\n"
        "pytestmark = [pytest.mark.row('A01'), pytest.mark.browser]\n"
        "@pytest.mark.row('A02', 'A03')\ndef test_one(): ...\n"
        "@pytest.mark.row('A04')\nclass TestTwo:\n    @pytest.mark.row('A05')\n    def test_three(self): ...\n"
        "@pytest.mark.parametrize('x', [pytest.param(1, marks=pytest.mark.row('A06'))])\ndef test_four(x): ...\n"
        "def helper(): ...\n"
    )
    assert sorted(rules_page.marked_tests(file)) == [
        ("A01", "test_four"), ("A01", "test_one"), ("A01", "test_three"), ("A02", "test_one"), ("A03", "test_one"),
        ("A04", "test_three"), ("A05", "test_three"), ("A06", "test_four"),
    ]  # fmt: skip


def test_no_sentence_of_the_source_texts_is_in_program_or_papers() -> None:
    theirs = set().union(*(runs_of_words(text) for text in need.source_texts()))
    ours = {(path, text) for path in PACKAGE.rglob("*.py") for text in strings_of(path)}
    ours |= {(path, path.read_text(encoding="utf-8")) for path in rules_page.ROOT.glob("*.md")}
    ours |= {(path, path.read_text(encoding="utf-8")) for path in rules_page.PAGE.parent.glob("*.md")}
    found = {(path.name, " ".join(run)) for path, text in ours for run in runs_of_words(text) & theirs}
    assert found == set()


def test_every_static_text_has_its_sentences() -> None:
    from sensor_hub.words.advice import advice_sections

    said = {section.key: section.rows for section in advice_sections()}
    assert {info.id for info in TEXTS} <= said.keys()
    assert all(set(info.rows) <= set(said[info.id]) for info in TEXTS)


@pytest.mark.parametrize("info", RULES, ids=lambda info: info.id)
def test_what_protects_somebody_or_carries_others_cannot_be_switched_off(info: RuleInfo) -> None:
    reason = why_not_set(SetRule(info.id, "on", 0.0))
    assert (reason is not None and "cannot be switched off" in reason) is (info.id in {"red-flag", *STANDING})
    assert why_not_set(SetRule(info.id, "on", 1.0)) is None
