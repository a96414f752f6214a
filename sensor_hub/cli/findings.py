"""``sensor-hub finding``: what the rules say, and marks on it: seen, or not now."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import typer

from sensor_hub.cli.desk import BY, Who
from sensor_hub.cli.show import DataDir, Json, as_json, say, settings

app = typer.Typer(
    help="What the rules say: list it, mark it as seen, put it off. A mark changes nothing of what was found.",
    epilog="Examples: sensor-hub finding list --athlete Ana   ·   sensor-hub finding ack 3f9a1c20",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Which = Annotated[
    str, typer.Argument(metavar="ID", help="Id of a finding ('finding list' shows it), or its beginning.")
]
Until = Annotated[
    Literal["morning", "3-days", "week-over"],
    typer.Option("--until", help="07:00 tomorrow, 07:00 in three days, or the end of the athlete's week."),
]


@app.command(name="list", epilog="Examples: sensor-hub finding list   ·   sensor-hub finding list --withdrawn --json")
def list_(
    withdrawn: Annotated[bool, typer.Option("--withdrawn", help="Also what is no longer true.")] = False,
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """List the findings of an athlete, newest first, with what was marked."""
    from sensor_hub.app.people import open_archive

    with open_archive(settings(data_dir)) as archive:
        person = archive.athlete(athlete)
        marks = archive.registry.marks.of(person.id)
        found = [f for f in archive.store.findings(person.id) if withdrawn or not f.withdrawn]
    now_utc = datetime.now(UTC)
    answers = [_answer(finding, marks.get(finding.id), now_utc) for finding in found]
    if json:
        as_json(answers)
        return
    for answer in answers:
        say(f"{answer['id']}  {answer['sentence']}{_marked(answer)}")
    if not answers:
        say("no finding")


@app.command(
    epilog="Examples: sensor-hub finding ack 3f9a1c20   ·   sensor-hub finding ack 3f9a1c20 --athlete Ana --json"
)
def ack(finding: Which, athlete: Who = None, data_dir: DataDir = None, json: Json = False) -> None:
    """Mark a finding as seen: it is shown quietly and told to nobody until its level rises."""
    _mark(finding, athlete, data_dir, json=json, mark=lambda marks, found, _person: marks.acknowledge(found, by=BY))


@app.command(
    epilog="Examples: sensor-hub finding snooze 3f9a1c20   ·   sensor-hub finding snooze 3f9a --until week-over"
)
def snooze(
    finding: Which, until: Until = "morning", athlete: Who = None, data_dir: DataDir = None, json: Json = False
) -> None:
    """Put a finding off: it is shown quietly until then, or until its level rises."""
    from sensor_hub.model.mark import snoozed_until

    def put_off(marks: Any, found: Any, person: Any) -> Any:
        until_utc = snoozed_until(until, datetime.now(UTC), person.zone, person.week_start)
        return marks.snooze(found, until_utc, by=BY)

    _mark(finding, athlete, data_dir, json=json, mark=put_off)


@app.command(epilog="Examples: sensor-hub finding unmark 3f9a1c20   ·   sensor-hub finding unmark 3f9a1c20 --json")
def unmark(finding: Which, athlete: Who = None, data_dir: DataDir = None, json: Json = False) -> None:
    """Take a mark back."""
    _mark(finding, athlete, data_dir, json=json, mark=lambda marks, found, _person: marks.unmark(found, by=BY))


def _mark(finding: str, athlete: str | None, data_dir: Any, *, json: bool, mark: Any) -> None:
    from sensor_hub.app.marking import Marking
    from sensor_hub.app.people import open_archive
    from sensor_hub.cli.chosen import id_of

    with open_archive(settings(data_dir)) as archive:
        person = archive.athlete(athlete)
        standing = {f.id: f for f in archive.store.findings(person.id) if not f.withdrawn}
        found = standing[id_of(finding, standing, "finding", "finding list")]
        made = mark(Marking(archive.registry), found, person)
    answer = _answer(found, made, datetime.now(UTC))
    if json:
        as_json(answer)
        return
    say(f"{answer['sentence']}{_marked(answer)}")


def _answer(finding: Any, mark: Any, now_utc: datetime) -> dict[str, Any]:
    from sensor_hub.words import finding_sentence

    told = {
        "id": finding.id, "rule": finding.rule, "scope": finding.scope, "measure": finding.measure,
        "level": finding.level, "severity": finding.severity, "withdrawn": finding.withdrawn,
        "updated_utc": finding.updated_utc.isoformat(), "sentence": finding_sentence(finding), "mark": None,
    }  # fmt: skip
    if mark is not None:
        told["mark"] = {
            "level": mark.level, "at_utc": mark.at_utc.isoformat(), "by": mark.by,
            "until_utc": None if mark.until_utc is None else mark.until_utc.isoformat(),
            "holds": mark.holds(finding, now_utc),
        }  # fmt: skip
    return told


def _marked(answer: dict[str, Any]) -> str:
    """What a mark says behind a sentence; nothing where none holds."""
    mark = answer["mark"]
    if mark is None or not mark["holds"]:
        return ""
    return " [seen]" if mark["until_utc"] is None else f" [put off until {mark['until_utc'][:16]} UTC]"
