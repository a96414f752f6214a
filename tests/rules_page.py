"""Which test stands for which row, and docs/rules.md: ``python -m tests.rules_page`` writes both anew."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "rules.md"
ROW_TESTS = ROOT / "sensor_hub" / "guidelines" / "catalogue" / "row_tests.py"
LINE = 120
HEAD = '''"""Which tests stand for which row of the source texts; written by ``make rules-page``, never by hand."""

from typing import Final

# fmt: off

ROW_TESTS: Final[dict[str, tuple[str, ...]]] = {
'''


def rows_marked(decorators: list[ast.expr]) -> Iterator[str]:
    """Ids in ``pytest.mark.row(...)`` among decorators, or in a list of marks."""
    for decorator in decorators:
        nodes = decorator.elts if isinstance(decorator, ast.List | ast.Tuple) else [decorator]
        for node in nodes:
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.row"):
                yield from (arg.value for arg in node.args if isinstance(arg, ast.Constant))  # type: ignore[misc]


def marked_tests(path: Path) -> Iterator[tuple[str, str]]:
    """Every (row, test) of a file: marks of tests, of their classes, of parameters, and of the whole file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    whole = [
        row
        for node in tree.body
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in node.targets)
        for row in rows_marked([node.value])
    ]
    classes = [(node, list(rows_marked(node.decorator_list))) for node in tree.body if isinstance(node, ast.ClassDef)]
    scopes = [(tree.body, whole), *((node.body, [*whole, *rows]) for node, rows in classes)]
    for body, outer in scopes:
        for node in body:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or not node.name.startswith("test_"):
                continue
            inside = [n for d in node.decorator_list for n in ast.walk(d) if isinstance(n, ast.Call)]
            rows = dict.fromkeys([*outer, *rows_marked(list(inside))])
            yield from ((row, node.name) for row in rows)


@cache
def row_tests() -> dict[str, tuple[str, ...]]:
    """Tests of every row, by file and name."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for row, name in marked_tests(path):
            found.setdefault(row, []).append(f"{path.relative_to(ROOT / 'tests').as_posix()}::{name}")
    return {row: tuple(sorted(set(tests))) for row, tests in found.items()}


def _in_a_line(test: str) -> str:
    """A test as an element of a tuple; names are sentences, and long ones take two lines."""
    file, _, name = test.partition("::")
    whole = f'        "{test}",\n'
    return whole if len(whole) <= LINE else f'        "{file}::"\n        "{name}",\n'


def row_tests_module() -> str:
    """The module that ``rules list`` reads the tests from."""
    lines = [HEAD]
    for row, tests in sorted(row_tests().items()):
        lines.append(f'    "{row}": (\n')
        lines += [_in_a_line(test) for test in tests]
        lines.append("    ),\n")
    return "".join([*lines, "}\n"])


def page() -> str:
    """docs/rules.md."""
    from dataclasses import replace

    from sensor_hub.app.guiding.rules import Book
    from sensor_hub.words.rules_page import rules_page

    book, tests = Book(), row_tests()
    rows = tuple(replace(row, tests=tests.get(row.id, ())) for row in book.rows())
    return rules_page(rows, book.rules(), book.conflicts())


def main() -> None:
    """Write both, or with ``--check`` fail where one is not current."""
    wanted = {ROW_TESTS: row_tests_module(), PAGE: page()}
    if sys.argv[1:] == ["--check"]:
        stale = [path for path, text in wanted.items() if path.read_text(encoding="utf-8") != text]
        if stale:
            sys.exit(f"{', '.join(str(path.relative_to(ROOT)) for path in stale)}: not current, run `make rules-page`")
        return
    for path, text in wanted.items():
        path.write_text(text, encoding="utf-8")
        print(f"{path.relative_to(ROOT)} is written")


if __name__ == "__main__":
    main()
