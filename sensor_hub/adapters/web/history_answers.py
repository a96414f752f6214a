"""What REST answers of a kept history: sessions with their standing, open questions, the journal, what an edit did."""

from collections.abc import Container
from datetime import date, datetime
from typing import Self

from pydantic import BaseModel, Field

from sensor_hub.adapters.web.answers import FindingAnswer
from sensor_hub.adapters.web.edit_bodies import EditBody, PreferBody, body_of
from sensor_hub.adapters.web.session_answers import Answer, Number, SessionAnswer
from sensor_hub.model.edit import DayMark, Entry
from sensor_hub.model.history import HistoryView, KeptSession, SameRunBecause, Standing
from sensor_hub.model.ports import Outcome


class PieceAnswer(Answer):
    """A part of a recorded session."""

    sid: str = Field(description="Id of the recorded session.")
    from_utc: datetime | None = Field(description="The part begins here; null: at its own start.")
    to_utc: datetime | None = Field(description="The part ends before this; null: at its own end.")


class ToldAnswer(Answer):
    """What a person said of a session."""

    shoe: str | None = Field(description="Id of the pair; null: nobody said, and the day has none.")
    shoe_said: bool = Field(description="True if the pair was said of this very session, not of the day.")
    effort: Number = Field(description="How hard it was, 0 to 10 (CR-10); null: not said.")
    note: str = Field(description="Free text.")


class KeptAnswer(BaseModel):
    """A session as it stands after the edits."""

    session: SessionAnswer
    standing: Standing = Field(description="counts; same-run or merged: instead counts; deleted.")
    instead: str | None = Field(description="Id of the session that counts in its place or that it is part of.")
    because: SameRunBecause | None = Field(
        description="Why it is taken for the same run: said, two-edges, same-numbers or preference."
    )
    told: ToldAnswer
    pieces: list[PieceAnswer] = Field(description="What it is made of; empty for a run by hand.")
    entries: list[str] = Field(description="Ids of the entries that made it so, in order.")

    @classmethod
    def of(cls, kept: KeptSession) -> Self:
        """Answer for a session."""
        return cls(
            session=SessionAnswer.of(kept.summary), standing=kept.standing, instead=kept.instead, because=kept.because,
            told=ToldAnswer.model_validate(kept.told), pieces=[PieceAnswer.model_validate(p) for p in kept.pieces],
            entries=list(kept.entries),
        )  # fmt: skip


class OfferAnswer(Answer):
    """Sessions that overlap so much that they are likely the same run: answer with a link or a distinct."""

    sids: list[str] = Field(description="Session ids.")
    counts: str = Field(description="The one that would count.")


class OpenDaysAnswer(Answer):
    """A week or more without any record: answer with a mark-days."""

    first: date = Field(description="First day.")
    last: date = Field(description="Last day, included.")


class DaySpanAnswer(Answer):
    """Days that somebody answered for."""

    first: date = Field(description="First day.")
    last: date = Field(description="Last day, included.")
    mark: DayMark = Field(description="rested or not-recorded.")


class ShoeUseAnswer(Answer):
    """What was run in a pair."""

    shoe: str = Field(description="Id of the pair.")
    distance_m: Number = Field(
        description="With what it had before it came here, m. Null where one of its runs has none known."
    )
    known_distance_m: float = Field(description="The same without those runs, so at least that, m.")
    n_runs: int = Field(description="Runs in it.")


class EntryAnswer(BaseModel):
    """One line of the journal."""

    id: str = Field(description="Id of the entry.")
    athlete: str = Field(description="Pseudonym of whose history was edited.")
    made_utc: datetime = Field(description="When, UTC.")
    by: str = Field(description="cli, page, api, or the name of a program's own doing.")
    other: str | None = Field(description="Pseudonym of whom a session was given to.")
    edit: EditBody
    undone: bool = Field(description="True if it was taken back.")
    idle: bool = Field(description="True if it has no effect now, such as an edit of a part whose split was undone.")

    @classmethod
    def of(cls, entry: Entry, undone: Container[str] = (), idle: Container[str] = ()) -> Self:
        """Answer for an entry."""
        return cls(
            id=entry.id, athlete=entry.athlete, made_utc=entry.made_utc, by=entry.by, other=entry.other,
            edit=body_of(entry.edit), undone=entry.id in undone, idle=entry.id in idle,
        )  # fmt: skip


class HistoryAnswer(BaseModel):
    """An athlete's history with its edits."""

    athlete: str = Field(description="Pseudonym.")
    today: date = Field(description="Athlete's local day.")
    sessions: list[KeptAnswer] = Field(description="All of them, newest first, whatever their standing.")
    offers: list[OfferAnswer] = Field(description="Likely the same run; both count until answered.")
    open_days: list[OpenDaysAnswer] = Field(description="Rested, or not recorded? Nobody said yet.")
    days: list[DaySpanAnswer] = Field(description="Days that were answered for.")
    shoes: list[ShoeUseAnswer] = Field(description="What was run in each pair.")
    shoe_today: str | None = Field(description="Id of today's pair.")
    preference: PreferBody

    @classmethod
    def of(cls, view: HistoryView) -> Self:
        """Answer for a history."""
        return cls(
            athlete=view.athlete, today=view.today, sessions=[KeptAnswer.of(kept) for kept in view.sessions],
            offers=[OfferAnswer.model_validate(offer) for offer in view.offers],
            open_days=[OpenDaysAnswer.model_validate(days) for days in view.open_days],
            days=[DaySpanAnswer.model_validate(days) for days in view.days],
            shoes=[ShoeUseAnswer.model_validate(use) for use in view.shoes], shoe_today=view.shoe_today,
            preference=body_of(view.preference),
        )  # fmt: skip


def journal_of(view: HistoryView) -> list[EntryAnswer]:
    """The journal of a history, newest first."""
    return [EntryAnswer.of(entry, view.undone, view.idle) for entry in view.journal]


class OutcomeAnswer(BaseModel):
    """What an edit did."""

    entries: list[EntryAnswer] = Field(description="The new lines of the journal; undo takes their ids.")
    sessions: list[KeptAnswer] = Field(description="Sessions it concerns, as they are now.")
    findings: list[FindingAnswer] = Field(description="New and changed ones, and those that no longer hold, withdrawn.")

    @classmethod
    def of(cls, outcome: Outcome) -> Self:
        """Answer for an outcome."""
        return cls(
            entries=[EntryAnswer.of(entry) for entry in outcome.entries],
            sessions=[KeptAnswer.of(kept) for kept in outcome.sessions],
            findings=[FindingAnswer.of(finding) for finding in outcome.findings],
        )


class UndoRequest(BaseModel):
    """Which entry to take back."""

    entry: str | None = Field(
        default=None,
        description="Id of an entry; null: all that one call said last. One that is undone already is done again.",
    )
