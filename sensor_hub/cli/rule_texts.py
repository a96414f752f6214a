"""A rule, a row or a contradiction as lines for a person, or as JSON."""

from typing import Any, Final

LATEST: Final = 5  # findings and notices of a rule that are shown


def parameter_of(view: Any, name: str, text: Any) -> str:
    """Return one parameter of a rule, as it is set."""
    return str(text(view.info.parameter(name), view.values[name]))


def last_said(desk: Any, person: Any, rule: str) -> list[str]:
    """What a rule said last of somebody: notices that hold now, and the newest findings."""
    from sensor_hub.words import finding_sentence
    from sensor_hub.words.guidance import notice_sentence

    theirs = bool(desk.whose(person))
    notices = [n for n in desk.archive.guide.guidance(person.id).notices if n.rule == rule]
    lines = [notice_sentence(notice, theirs=theirs) for notice in notices]
    findings = [f for f in desk.archive.store.findings(person.id) if f.rule == rule and not f.withdrawn]
    findings.sort(key=lambda f: f.updated_utc, reverse=True)
    name = person.display_name if theirs else None
    return [*lines, *(f"{f.updated_utc:%Y-%m-%d}: {finding_sentence(f, name)}" for f in findings)][:LATEST]


def row_lines(row: Any) -> list[str]:
    """Return a row as lines."""
    from sensor_hub.words.rules import class_text

    lines = [f"Row {row.id} ({row.source}; {class_text(row.kind)})", f"  {row.asks}"]
    if row.state == "refused":
        lines.append(f"  Refused: {row.reason}")
    elif row.rules:
        lines.append(f"  Done by: {', '.join(row.rules)}")
    if row.conflict:
        lines.append(f"  Texts disagree: see sensor-hub rules explain {row.conflict}")
    return [*lines, *(f"  Test: {test}" for test in row.tests)]


def conflict_lines(conflict: Any) -> list[str]:
    """Return a contradiction as lines."""
    return [
        f"Contradiction {conflict.id}: {conflict.question}",
        f"  {conflict.resolution}",
        f"  Rows: {', '.join(conflict.rows)}",
    ]


def rule_lines(view: Any, said: list[str], book: Any) -> list[str]:
    """Return a rule as lines, with what it said last."""
    from sensor_hub.words.rule_notes import studied
    from sensor_hub.words.rules import asks_text, family_text, parameter_text, rests_text, unknown_text

    info = view.info
    lines = [f"{info.id}: {view.title}", f"  {info.kind}, {family_text(info.family)}; {asks_text(view)}."]
    lines += [f"  {line}" for line in view.says]
    lines += [f"  {parameter_text(parameter, view.values[parameter.name])}" for parameter in info.parameters]
    lines += [f"  {rests_text(info)}", *(f"  {line}" for line in studied(info.id)), f"  {unknown_text(info.grade)}"]
    sources = {row.id: row for row in book.rows()}
    if info.rows:
        lines.append("  Rows: " + ", ".join(f"{row} ({sources[row].source})" for row in info.rows))
    lines += [f"  {c.id} {c.question} {c.resolution}" for c in book.conflicts() if set(c.rows) & set(info.rows)]
    if said:
        lines += ["  What it said last:", *(f"    {line}" for line in said)]
    return lines


def row_answer(row: Any) -> dict[str, Any]:
    """Return a row as JSON has it."""
    from dataclasses import asdict

    answer = asdict(row)
    answer["class"] = answer.pop("kind")
    return answer


def conflict_answer(conflict: Any) -> dict[str, Any]:
    """Return a contradiction as JSON has it."""
    from dataclasses import asdict

    return asdict(conflict)


def rule_answer(view: Any) -> dict[str, Any]:
    """Return a rule as JSON has it."""
    from dataclasses import asdict

    info = asdict(view.info)
    info["class"] = info.pop("kind")
    parameters = [parameter | {"set_to": view.values[parameter["name"]]} for parameter in info.pop("parameters")]
    return info | {
        "title": view.title,
        "says": view.says,
        "on": view.on,
        "alerts": view.alerts,
        "parameters": parameters,
    }
