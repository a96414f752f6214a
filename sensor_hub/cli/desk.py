"""Where the commands that edit a history meet it: whose, which session, the edit, and what it did."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from shlex import quote
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from sensor_hub.cli.show import as_json, say, settings

BY = "cli"
Who = Annotated[str | None, typer.Option("--athlete", help="Name or pseudonym; without it, you (me).")]
Sid = Annotated[
    str,
    typer.Argument(metavar="SID", help="Id of a session ('session list' shows it), the beginning of one, or: last."),
]
Sids = Annotated[
    list[str], typer.Argument(metavar="SID...", help="Ids of sessions, their beginnings, or: last.", show_default=False)
]


@dataclass(frozen=True, slots=True)
class Desk:
    """An open archive with the write side of its histories."""

    archive: Any
    keeping: Any

    def person(self, athlete: str | None) -> Any:
        """Return who is meant; without a name, ``me``."""
        return self.archive.athlete(athlete)

    def owner(self, kept: Any) -> Any:
        """Return whose session it is."""
        return self.archive.registry.athlete(kept.summary.header.athlete)

    def view(self, person: Any) -> Any:
        """Return a history as it is now."""
        return self.keeping.history(person.id)

    def find(self, text: str, athlete: str | None) -> Any:
        """Return the session that is meant, whatever its standing; EditError if none or several are.

        ``last`` is the athlete's. An id is looked for with them, or without a name with everybody.
        """
        from sensor_hub.cli.chosen import LAST, id_of, last_of

        if text == LAST:
            return last_of(self.view(self.person(athlete)).sessions)
        whole = self.keeping.kept(text.lower())
        if whole is not None:
            return whole
        people = self.archive.registry.athletes() if athlete is None else [self.person(athlete)]
        known = {kept.summary.header.sid: kept for person in people for kept in self.view(person).sessions}
        return known[id_of(text, known, "session", "session list --all")]

    def find_all(self, texts: Sequence[str], athlete: str | None) -> list[Any]:
        """Return several sessions, each once; EditError if they are not of one athlete."""
        from sensor_hub.errors import EditError

        found = {kept.summary.header.sid: kept for kept in (self.find(text, athlete) for text in texts)}
        if len({kept.summary.header.athlete for kept in found.values()}) > 1:
            raise EditError(
                f"{', '.join(found)} are not of one athlete: give one the other's first (session change SID --athlete)"
            )
        return list(found.values())

    def names(self, person: Any, view: Any, *sessions: Any) -> Any:
        """Return what things are called in a history. sessions : these go before the view's."""
        from sensor_hub.words.edits import Names

        told = Names.of(view, person.zone, self.archive.registry.shoes.all(), self.archive.registry.athletes())
        return replace(told, sessions={**told.sessions, **{kept.summary.header.sid: kept.summary for kept in sessions}})

    def names_as_recorded(self, person: Any, view: Any) -> Any:
        """Return what things are called, sessions by when they were recorded to begin, whatever was cut off since."""
        told = self.names(person, view)
        recorded = {summary.header.sid: summary for summary in self.archive.recorded.sessions(person.id)}
        return replace(told, sessions={**told.sessions, **recorded})

    def shoe(self, person: Any, name: str | None) -> str | None:
        """Id of a pair of theirs by its name; RegistryError if they have none of it."""
        return None if name is None else self.archive.registry.shoes.of(person.id, name).id

    def is_me(self, person: Any) -> bool:
        """Whether it is the runner whose machine this is."""
        from sensor_hub.errors import RegistryError

        try:
            return bool(self.archive.registry.athlete("me").id == person.id)
        except RegistryError:  # nobody is, yet
            return False

    def whose(self, person: Any) -> str:
        """What a command about them ends with: nothing of one's own history."""
        return "" if self.is_me(person) else f" --athlete {quote(person.display_name)}"

    def make(self, person: Any, edits: Sequence[Any], *, json: bool) -> None:
        """Make edits of an athlete's history, and show what they did."""
        before = {finding.key: finding for finding in self.archive.store.findings()}
        earlier = self.view(person)
        outcome = self.keeping.edit(person.id, edits, by=BY)
        view = self.view(person)
        then = self.names(person, view, *outcome.sessions, *earlier.sessions)  # called as they were before
        if json:
            from sensor_hub.app.history.history_answers import outcome_answer

            as_json(outcome_answer(outcome, then, before))
            return
        now = self.names(person, view, *outcome.sessions)
        whose = self.whose(person)
        _say_outcome(outcome, then, now, before, person, whose)
        touched = {kept.summary.header.sid for kept in outcome.sessions}
        if any(not touched.isdisjoint(offer.sids) for offer in view.offers):
            say(f"It may be the same run as another, and both count until you answer: sensor-hub session offers{whose}")


@contextmanager
def open_desk(data_dir: str | None) -> Iterator[Desk]:
    """Open the archive of the settings' place for edits; closed at the end."""
    from sensor_hub.app.people import open_archive

    with open_archive(settings(data_dir)) as archive:
        yield Desk(archive, archive.keeping)


def zone_of(person: Any) -> ZoneInfo:
    """Return the zone that somebody's times of day are in."""
    return ZoneInfo(person.zone)


def _say_outcome(outcome: Any, then: Any, now: Any, before: Any, person: Any, whose: str) -> None:
    """Say what an edit did, to findings too, and how to take it back. whose : as ``Desk.whose``."""
    from sensor_hub.model.edit import Merge, Split, Trim, Undo
    from sensor_hub.words import finding_sentence
    from sensor_hub.words.edits import edit_sentence, session_name
    from sensor_hub.words.sessions import session_amount
    from sensor_hub.words.standings import findings_summary, scope_text, standing_sentence

    for entry in outcome.entries:
        say(edit_sentence(entry.edit, then))
    if any(isinstance(entry.edit, Trim | Split | Merge | Undo) for entry in outcome.entries):
        for kept in outcome.sessions:
            amount, why = session_amount(kept.summary), standing_sentence(kept, now)
            say(f"Now {session_name(kept.summary.header.sid, now)}: {amount}. {why}".rstrip())
    say(findings_summary(outcome.findings, before))
    for finding in outcome.findings:
        mine = not whose and finding.athlete == person.id
        when = scope_text(finding, now)
        say(f"  {when}{finding_sentence(finding, None if mine else now.people.get(finding.athlete))}")
    undone = [entry.edit.entry for entry in outcome.entries if isinstance(entry.edit, Undo)]
    if len(undone) == len(outcome.entries):
        say(f"To have it the other way round: sensor-hub session undo {' '.join(undone)}{whose}")
    else:
        say(f"To take it back: sensor-hub session undo{whose}")
