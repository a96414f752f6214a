"""The page of rules: every row of the source texts, every rule, every contradiction, as Markdown."""

from collections.abc import Sequence
from typing import Final

from sensor_hub.model.rule import Conflict, RowView, RuleView
from sensor_hub.words.rule_notes import does, studied
from sensor_hub.words.rules import class_text, counts_text, family_text, parameter_text, rests_text, row_counts

_COMMANDS: Final = (
    "## What can be asked of them",
    "",
    "```sh",
    "sensor-hub rules list --state refused              # rows with rules, tests, reasons; --json has all",
    "sensor-hub rules list --rules --athlete Ana        # rules, as they are set for Ana",
    "sensor-hub rules explain session-limit             # what it does, its numbers, what is not known",
    "sensor-hub rules explain D15                       # a row of a text; C3 is a contradiction between them",
    "sensor-hub rules set session-limit factor 1.15     # within the range given below; off and on switch a rule",
    "sensor-hub rules policy strict                     # which rules ask for attention: strict, balanced, clinician",
    "sensor-hub rules reset                             # everything as it came",
    "sensor-hub rules advice ice                        # texts that always stand",
    "sensor-hub rules backtest --policy strict          # when they would have spoken, on one's own history",
    "sensor-hub rules backtest --file all-my-runs.csv --set session-limit.factor=1.2",
    "```",
    "",
    "A backtest judges run by run with nothing later in hand. It counts what each rule said, what would have been",
    "pushed to a phone (several numbers of one rule about one run are one push), and what the diary has of the seven",
    "days after it, beside the same of any run. These are counts and no cause. Files are read into a place that is",
    "removed afterwards.",
    "",
)


def rules_page(rows: Sequence[RowView], rules: Sequence[RuleView], conflicts: Sequence[Conflict]) -> str:
    """Return the page. It is English, as the papers beside it are."""
    counts = row_counts(rows)
    n_refused = sum(row.state == "refused" for row in rows)
    lines = [
        "# Rules",
        "",
        "Written by `make rules-page` from the program; a test fails when it is not current.",
        "`sensor-hub rules list` shows the same, `sensor-hub rules explain ID` more of a row, rule or contradiction.",
        "",
        f"{len(rows)} rows of five source texts: {len(rows) - n_refused} implemented, {n_refused} refused. "
        f"{len(rules)} rules do them.",
        "",
        *(f"- {line}" for line in counts_text(counts)),
        "",
        *_COMMANDS,
        "## Rows",
        "",
        "A row's wording here is ours. Class: " + ", ".join(f"{k} {class_text(k)}" for k in ("S", "P", "T")) + ".",
        "",
        "| row | text | class | asks for | rules | tests | decided by |",
        "|---|---|---|---|---|---|---|",
        *(_row(row) for row in rows),
        "",
        "### Refused, with the reason",
        "",
        *(f"- **{row.id}** ({row.source}): {row.reason}" for row in rows if row.state == "refused"),
        "",
        "## Contradictions, and what holds",
        "",
        *(f"- **{c.id} {c.question}** {c.resolution} ({', '.join(c.rows)})" for c in conflicts),
        "",
        "## Rules",
        "",
    ]
    for view in rules:
        lines += _rule(view)
    return "\n".join(lines).rstrip() + "\n"


def _row(row: RowView) -> str:
    done = ", ".join(f"`{rule}`" for rule in row.rules) if row.state == "implemented" else "**refused**"
    return f"| {row.id} | {row.source[:3]} | {row.kind} | {row.asks} | {done} | {len(row.tests)} | {row.conflict} |"


def _rule(view: RuleView) -> list[str]:
    info = view.info
    lines = [
        f"### `{info.id}`: {view.title}",
        "",
        f"{info.kind}, {family_text(info.family)}; rows {', '.join(info.rows) or 'none'}. {rests_text(info)}",
        "",
        *_paragraph([*does(info.id), *studied(info.id)]),
    ]
    if info.parameters:
        lines += [*(f"- {parameter_text(parameter)}" for parameter in info.parameters), ""]
    return lines


def _paragraph(lines: Sequence[str]) -> list[str]:
    return [" ".join(lines), ""] if lines else []
