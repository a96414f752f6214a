"""``sensor-hub rules``: which rules there are, what each rests on, and what it is set to."""

from typing import Annotated, Any, Final

import typer

from sensor_hub.cli import backtesting
from sensor_hub.cli.desk import BY, Who, open_desk
from sensor_hub.cli.rule_texts import (
    conflict_answer,
    conflict_lines,
    last_said,
    parameter_of,
    row_answer,
    row_lines,
    rule_answer,
    rule_lines,
)
from sensor_hub.cli.show import DataDir, Json, as_json, as_table, say

app = typer.Typer(
    help="The rules: list, explain, set, and try them on a history.",
    epilog="Examples: sensor-hub rules list   ·   sensor-hub rules explain D15   ·   sensor-hub rules backtest",
    no_args_is_help=True,
    rich_markup_mode=None,
)
STATES: Final = ("implemented", "refused")
CLASSES: Final = ("S", "P", "T")
POLICIES: Final = ("strict", "balanced", "clinician")
ON_OFF: Final = {"on": 1.0, "off": 0.0}
LATEST: Final = 5  # findings and notices of a rule that are shown
backtesting.add_to(app)


@app.command(
    name="list",
    epilog="Examples: sensor-hub rules list --state refused   ·   sensor-hub rules list --class S   ·   "
    "sensor-hub rules list --rules   ·   sensor-hub rules list --json",
)
def list_(
    state: Annotated[str | None, typer.Option("--state", help="implemented or refused.")] = None,
    kind: Annotated[
        str | None, typer.Option("--class", help="S (sensors, sessions), P (diary, plan, profile) or T (text).")
    ] = None,
    by_rule: Annotated[bool, typer.Option("--rules", help="The rules, instead of the rows they do.")] = False,
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """List every row of the source texts with what became of it, or every rule as it is set for somebody."""
    _one_of("--state", state, STATES)
    _one_of("--class", kind, CLASSES)
    if by_rule:
        if state is not None:
            raise typer.BadParameter("--state is of rows; a rule is on or off ('rules list --rules' shows which)")
        _list_rules(kind, athlete, data_dir, json=json)
    else:
        _list_rows(state, kind, json=json)


@app.command(
    epilog="Examples: sensor-hub rules explain session-limit   ·   sensor-hub rules explain D15   ·   "
    "sensor-hub rules explain C3 --athlete Ana"
)
def explain(
    name: Annotated[str, typer.Argument(metavar="ID", help="A rule, a row (D15), or a contradiction (C3).")],
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Explain a rule, a row or a contradiction: what it does, its numbers and whose they are, what it rests on."""
    from sensor_hub.app.guiding.rules import Book
    from sensor_hub.errors import EditError

    with open_desk(data_dir) as desk:
        person = desk.person(athlete)
        set_to = desk.archive.guide.settings(person.id)
        book = Book()
        rows = [row for row in book.rows() if row.id.lower() == name.lower()]
        conflicts = [conflict for conflict in book.conflicts() if conflict.id.lower() == name.lower()]
        rules = [view for view in book.rules(set_to) if view.info.id == name.lower()]
        if not (rows or conflicts or rules):
            near = ", ".join(view.info.id for view in book.rules(set_to) if name.lower() in view.info.id)
            mend = f"near: {near}" if near else "'sensor-hub rules list' shows rows, 'rules list --rules' the rules"
            raise EditError(f"there is no rule, row or contradiction {name!r} ({mend})")
        said = [last_said(desk, person, view.info.id) for view in rules]
    if json:
        as_json(
            {
                "rows": [row_answer(row) for row in rows],
                "conflicts": [conflict_answer(conflict) for conflict in conflicts],
                "rules": [rule_answer(view) | {"said": lines} for view, lines in zip(rules, said, strict=True)],
            }
        )
        return
    blocks = [row_lines(row) for row in rows] + [conflict_lines(conflict) for conflict in conflicts]
    blocks += [rule_lines(view, lines, book) for view, lines in zip(rules, said, strict=True)]
    say("\n\n".join("\n".join(block) for block in blocks))


@app.command(
    name="set",
    epilog="Examples: sensor-hub rules set session-limit factor 1.15   ·   sensor-hub rules set week-limit off   ·   "
    "sensor-hub rules set week-limit on --athlete Ana",
)
def set_(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="Id of a rule ('rules list --rules').")],
    parameter: Annotated[str, typer.Argument(metavar="PARAM|on|off", help="A parameter of it, or: on, off.")],
    value: Annotated[float | None, typer.Argument(metavar="VALUE", help="What it is to be.")] = None,
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Give a rule's number another value for an athlete, or switch a rule off or on."""
    from sensor_hub.model.diary import SetRule

    if parameter in ON_OFF:
        if value is not None:
            raise typer.BadParameter(f"{parameter} takes no value: sensor-hub rules set {rule} {parameter}")
        wanted = SetRule(rule, "on", ON_OFF[parameter])
    elif value is None:
        raise typer.BadParameter(f"give the value: sensor-hub rules set {rule} {parameter} VALUE")
    else:
        wanted = SetRule(rule, parameter, value)
    _say_it([wanted], athlete, data_dir, json=json)


@app.command(epilog="Examples: sensor-hub rules policy strict   ·   sensor-hub rules policy balanced --athlete Ana")
def policy(
    name: Annotated[str, typer.Argument(metavar="POLICY", help="strict, balanced or clinician.")],
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Choose which rules ask for attention: strict (all), balanced (the default), or clinician."""
    from sensor_hub.model.diary import SetPolicy

    _one_of("POLICY", name, POLICIES)
    _say_it([SetPolicy(name)], athlete, data_dir, json=json)  # type: ignore[arg-type]


@app.command(epilog="Examples: sensor-hub rules reset   ·   sensor-hub rules reset session-limit --athlete Ana")
def reset(
    rule: Annotated[str | None, typer.Argument(metavar="[RULE]", help="One rule; all of them and the policy.")] = None,
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Give rules their own numbers back."""
    from sensor_hub.app.guiding.rules import resetting

    with open_desk(data_dir) as desk:
        person = desk.person(athlete)
        wanted = resetting(desk.archive.guide.settings(person.id), rule)
    if not wanted:
        as_json({"findings": []}) if json else say("Nothing was set otherwise: there is nothing to reset.")
        return
    _say_it(wanted, athlete, data_dir, json=json)


@app.command(
    epilog="Examples: sensor-hub rules advice   ·   sensor-hub rules advice ice   ·   sensor-hub rules advice --json"
)
def advice(
    name: Annotated[str | None, typer.Argument(metavar="[TEXT]", help="One of the texts, such as: ice.")] = None,
    json: Json = False,
) -> None:
    """Show the texts that stand whatever anybody's numbers are."""
    from dataclasses import asdict

    from sensor_hub.words.advice import advice_sections

    sections = advice_sections()
    if name is not None:
        known = [section.key.removeprefix("text-") for section in sections]
        _one_of("TEXT", name.removeprefix("text-"), tuple(known))
        sections = [section for section in sections if section.key == f"text-{name.removeprefix('text-')}"]
    if json:
        as_json([asdict(section) for section in sections])
        return
    for n, section in enumerate(sections):
        say(("\n" if n else "") + f"{section.title} ({', '.join(section.rows)})")
        for line in section.lines:
            say(f"  {line}")


def _one_of(option: str, value: str | None, allowed: tuple[str, ...]) -> None:
    if value is not None and value not in allowed:
        raise typer.BadParameter(f"{option} is {value!r}; allowed: {', '.join(allowed)}")


def _list_rows(state: str | None, kind: str | None, *, json: bool) -> None:
    from sensor_hub.app.guiding.rules import Book
    from sensor_hub.words.rules import counts_text, row_counts

    every = Book().rows()
    rows = [row for row in every if state in {None, row.state} and kind in {None, row.kind}]
    counts = row_counts(every)
    if json:
        as_json({"counts": counts, "n": len(every), "rows": [row_answer(row) for row in rows]})
        return
    table = [
        [row.id, row.kind, row.state, ", ".join(row.rules), str(len(row.tests)), row.conflict, row.reason or row.asks]
        for row in rows
    ]
    as_table("", ["row", "class", "state", "rules", "tests", "by", "asks for, or why it is refused"], table)
    say(f"{len(every)} rows of five texts.")
    for line in counts_text(counts):
        say(line)


def _list_rules(kind: str | None, athlete: str | None, data_dir: str | None, *, json: bool) -> None:
    from sensor_hub.app.guiding.rules import Book
    from sensor_hub.words.rules import asks_text, grade_text, policy_text

    with open_desk(data_dir) as desk:
        set_to = desk.archive.guide.settings(desk.person(athlete).id)
    rules = [view for view in Book().rules(set_to) if kind in {None, view.info.kind}]
    if json:
        as_json({"policy": set_to.policy, "rules": [rule_answer(view) for view in rules]})
        return
    table = [
        [v.info.id, v.info.kind, asks_text(v), grade_text(v.info.grade), ", ".join(v.info.rows), v.title] for v in rules
    ]
    as_table("", ["rule", "class", "is", "rests on", "rows", "what it is"], table)
    say(f"{len(rules)} rules. Policy {policy_text(set_to.policy)}.")


def _say_it(wanted: list[Any], athlete: str | None, data_dir: str | None, *, json: bool) -> None:
    """Write settings, and say what changed of what stands."""
    from sensor_hub.app.guiding.rules import Book
    from sensor_hub.model.diary import SetPolicy, SetRule
    from sensor_hub.words import finding_sentence
    from sensor_hub.words.rules import asks_text, parameter_text, policy_text
    from sensor_hub.words.standings import findings_summary

    with open_desk(data_dir) as desk:
        person = desk.person(athlete)
        before = {finding.key: finding for finding in desk.archive.store.findings(person.id)}
        outcome = desk.archive.guide.say(person.id, wanted, by=BY)
        set_to = desk.archive.guide.settings(person.id)
        whose = desk.whose(person)
    views = {view.info.id: view for view in Book().rules(set_to)}
    changed = [views[one.rule] for one in wanted if isinstance(one, SetRule)]
    if json:
        findings = [
            {"id": f.id, "rule": f.rule, "withdrawn": f.withdrawn, "sentence": finding_sentence(f)}
            for f in outcome.findings
        ]
        as_json({"policy": set_to.policy, "rules": [rule_answer(view) for view in changed], "findings": findings})
        return
    if any(isinstance(one, SetPolicy) for one in wanted):
        say(f"{person.display_name}: {policy_text(set_to.policy)}.")
    for one in (one for one in wanted if isinstance(one, SetRule)):
        view = views[one.rule]
        told = asks_text(view) if one.parameter == "on" else parameter_of(view, one.parameter, parameter_text)
        say(f"{person.display_name}: {view.info.id}: {told}.")
    say(findings_summary(outcome.findings, before))
    for finding in outcome.findings[:LATEST]:
        say(f"  {finding_sentence(finding, person.display_name if whose else None)}")
    if len(outcome.findings) > LATEST:
        say(f"  and {len(outcome.findings) - LATEST} more: sensor-hub load status{whose}")
    say(f"To take it back: sensor-hub diary undo{whose}")
