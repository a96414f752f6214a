"""Where the commands of the diary meet it: who, when, what they say, and what follows from it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Final

import typer

from sensor_hub.cli.desk import Desk, Who, zone_of
from sensor_hub.cli.show import DataDir, as_json, say, settings

BY: Final = "cli"
On = Annotated[str | None, typer.Option("--on", help="Local day: 2026-11-20, today, yesterday.", show_default=False)]
At = Annotated[str | None, typer.Option("--at", help="Local time of day: 07:30.", show_default=False)]
Side = Annotated[str, typer.Option("--side", help="L, R or both.")]
Note = Annotated[str, typer.Option("--note", help="Free text.", show_default=False)]
Level = Annotated[
    float | None, typer.Option("--pain", min=0, max=10, help="Worst pain, 0 to 10 in steps of 0.5.", show_default=False)
]


@dataclass(frozen=True, slots=True)
class Pen:
    """A person's diary, open to be written."""

    archive: Any
    person: Any
    desk: Desk

    @property
    def guide(self) -> Any:
        """Diary and guidelines."""
        return self.archive.guide

    @property
    def whose(self) -> str:
        """What a command about them ends with: nothing of one's own."""
        return self.desk.whose(self.person)

    def today(self) -> date:
        """Their day."""
        return datetime.now(zone_of(self.person)).date()

    def day(self, text: str | None, option: str = "--on") -> date:
        """Return the day that is meant; today without one."""
        from sensor_hub.cli.times import day_of

        return self.today() if text is None else day_of(text, self.today(), option)

    def moment(self, on: str | None, at: str | None, usual: str = "") -> datetime:
        """Return when it was: now, a time of today, or a day at its usual hour for such a thing."""
        from sensor_hub.cli.times import moment_on, moments_of
        from sensor_hub.model.diary import USUAL_HOURS

        day, now_utc = self.day(on), datetime.now(UTC).replace(microsecond=0)
        if at is not None:
            return moment_on(day, at, zone_of(self.person))
        if day == self.today():
            return now_utc
        found = moments_of(datetime.combine(day, time(USUAL_HOURS.get(usual, 12))), zone_of(self.person))
        return found[0] if found else datetime.combine(day, time(12), zone_of(self.person)).astimezone(UTC)

    def session(self, sid: str | None) -> Any:
        """Return the session that is meant, or None."""
        return None if sid is None else self.desk.find(sid, self.person.id)

    def say(self, said: Sequence[Any], *, json: bool) -> None:
        """Write lines, and show what follows."""
        self.show(self.guide.say(self.person.id, said, by=BY), json=json)

    def show(self, outcome: Any, *, json: bool, more: Any = None) -> None:
        """Show what was written, what the guidelines say now, and how to take it back."""
        from sensor_hub.app.guiding.answers import line_sentence, outcome_answer
        from sensor_hub.model.edit import Undo
        from sensor_hub.words import finding_sentence

        if json:
            as_json({**(more or {}), **outcome_answer(outcome)})
            return
        lines = {entry.id: entry for entry in self.guide.diary(self.person.id).entries}
        for entry in outcome.entries:
            say(line_sentence(entry, lines, self.person.zone, self.shoes()))
        self.say_verdict(outcome.guidance, emergency=any(_is_emergency(entry.edit) for entry in outcome.entries))
        for finding in outcome.findings:
            say(finding_sentence(finding, None if not self.whose else self.person.display_name))
        undone = [entry.edit.entry for entry in outcome.entries if isinstance(entry.edit, Undo)]
        if undone:
            say(f"To have it the other way round: sensor-hub diary undo {' '.join(undone)}{self.whose}")
        else:
            say(f"To take it back: sensor-hub diary undo{self.whose}")

    def say_verdict(self, guidance: Any, *, emergency: bool = False) -> None:
        """Say what decides now and why; of signs that need care at once, who to see, before anything else."""
        from sensor_hub.app.guiding.wording import notice_text
        from sensor_hub.words.verdicts import emergency_text, verdict_sentence

        if emergency or guidance.verdict.standing == "red-flag":
            say(emergency_text())
        theirs = bool(self.whose)
        say(verdict_sentence(guidance.verdict, theirs=theirs))
        for notice in guidance.verdict.because:
            say(notice_text(notice, theirs=theirs))

    def shoes(self) -> dict[str, str]:
        """Names of their pairs by id."""
        return {shoe.id: shoe.name for shoe in self.archive.registry.shoes.all(self.person.id)}


@contextmanager
def open_pen(athlete: str | None, data_dir: str | None) -> Iterator[Pen]:
    """Open somebody's diary; without a name, one's own."""
    from sensor_hub.app.people import open_archive

    with open_archive(settings(data_dir)) as archive:
        yield Pen(archive, archive.athlete(athlete), Desk(archive, archive.keeping))


def _is_emergency(said: Any) -> bool:
    """Whether a line tells of a sign that needs care at once, whatever the rules are set to."""
    from sensor_hub.model.diary import EMERGENCIES, SaySymptoms

    return isinstance(said, SaySymptoms) and any(sign in EMERGENCIES for sign in said.present)


def one_of(text: str, allowed: Sequence[str], what: str) -> Any:
    """Return a word of a list; BadParameter says which there are."""
    if text not in allowed:
        raise typer.BadParameter(f"{text!r} is no {what}: {', '.join(allowed)}")
    return text


def maybe_one_of(text: str | None, allowed: Sequence[str], what: str) -> Any:
    """The same, where it may be left out."""
    return None if text is None else one_of(text, allowed, what)


def words_of(several: Any) -> tuple[str, ...]:
    """Return the words of a Literal of the model."""
    from typing import get_args

    return get_args(several)


__all__ = [
    "At",
    "DataDir",
    "Level",
    "Note",
    "On",
    "Pen",
    "Side",
    "Who",
    "maybe_one_of",
    "one_of",
    "open_pen",
    "words_of",
]
