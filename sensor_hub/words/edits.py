"""What a person said of their history, entry by entry, as a sentence each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from sensor_hub.model.athlete import Athlete, Shoe
from sensor_hub.model.edit import (
    AddRun,
    Change,
    DayMark,
    Delete,
    Distinct,
    Edit,
    Entry,
    Link,
    MarkDays,
    Merge,
    Prefer,
    Split,
    Tell,
    ToldField,
    Trim,
    Undo,
    WearShoe,
)
from sensor_hub.model.history import HistoryView
from sensor_hub.model.session import SessionSummary
from sensor_hub.words.days import dated, days_text, moment_text, time_text
from sensor_hub.words.diary import said_sentence
from sensor_hub.words.loads import surface_text
from sensor_hub.words.sessions import amount_text, effort_text, ledger_word, session_moment, session_noun, source_word
from sensor_hub.words.translation import translate as _


@dataclass(frozen=True, slots=True)
class Names:
    """What things are called in a sentence about an edit.

    zone : IANA zone that times of day are told in. sessions : by id; one that is not among them is called by its id.
    shoes, people : their names by id. entries : of the journal, by id.
    """

    zone: str = "UTC"
    sessions: Mapping[str, SessionSummary] = field(default_factory=dict)
    shoes: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    entries: Mapping[str, Entry] = field(default_factory=dict)

    @classmethod
    def of(cls, view: HistoryView, zone: str, shoes: Iterable[Shoe] = (), people: Iterable[Athlete] = ()) -> "Names":
        """Names for the sentences about one athlete's history."""
        return cls(
            zone=zone,
            sessions={kept.summary.header.sid: kept.summary for kept in view.sessions},
            shoes={shoe.id: shoe.name for shoe in shoes},
            people={person.id: person.display_name for person in people},
            entries={entry.id: entry for entry in view.journal},
        )


def mark_word(mark: DayMark) -> str:
    """What days without a session were."""
    return {"rested": _("rested"), "not-recorded": _("not recorded"), "unsaid": _("not said")}[mark]


def session_name(sid: str, names: Names) -> str:
    """Return what a session is called in a sentence: the run of Fri 20 Nov 2026 07:30."""
    summary = names.sessions.get(sid)
    if summary is None:
        return _name_of_missing(sid, names)
    what, when = session_noun(summary.header.ledger), session_moment(summary, names.zone)
    return _("the {what} of {when}").format(what=what, when=when)


def _name_of_missing(sid: str, names: Names) -> str:
    """Name a session that is not in the history: a run by hand that was taken back is still known by its entry."""
    for entry in names.entries.values():
        if isinstance(entry.edit, AddRun) and entry.edit.sid == sid:
            when = _when_added(entry.edit, names)
            return _("the {what} of {when}").format(what=session_noun(entry.edit.ledger), when=when)
    return _("session {sid}").format(sid=sid)


def edit_sentence(edit: Edit, names: Names) -> str:
    """One edit as a sentence in the past: Deleted the run of Fri 20 Nov 2026 07:30."""
    match edit:
        case AddRun():
            return _added(edit, names)
        case Trim():
            return _trimmed(edit, names)
        case Split():
            text = _("Split {session} at {time}.")
            return text.format(session=session_name(edit.sid, names), time=time_text(edit.at_utc, names.zone))
        case Merge():
            return _("Made one of {sessions}.").format(sessions=_all(edit.sids, names))
        case Delete():
            return _("Deleted {session}.").format(session=session_name(edit.sid, names))
        case Change():
            return _changed(edit, names)
        case Tell():
            return _told(edit, names)
        case Link():
            return _linked(edit, names)
        case Distinct():
            return _("Different runs: {sessions}.").format(sessions=_all(edit.sids, names))
        case Prefer():
            return preference_sentence(edit)
        case MarkDays():
            days = days_text(edit.first, edit.last)
            return _("{days}: {mark}.").format(days=days, mark=mark_word(edit.mark))
        case WearShoe():
            return _worn(edit, names)
        case Undo():
            return _undone(edit, names)
        case _:
            return said_sentence(edit, names.zone)


def entry_note(entry: Entry, view: HistoryView) -> str:
    """What became of an entry: "taken back", "no effect now", or nothing where it is in force."""
    if entry.id in view.undone:
        return _("taken back")
    return _("no effect now") if entry.id in view.idle else ""


def preference_sentence(preference: Prefer) -> str:
    """Which source counts where several tell of the same run, and whether likely ones are asked about."""
    order = ", ".join(source_word(kind) for kind in preference.order)
    asking = _("Likely ones are asked about.") if preference.ask else _("Likely ones are linked without asking.")
    return _("Of the same run from several sources the first of these counts: {order}. {asking}").format(
        order=order, asking=asking
    )


def _all(sids: tuple[str, ...], names: Names) -> str:
    called = [session_name(sid, names) for sid in sids]
    if len(called) == 1:
        return called[0]
    return _("{sessions} and {last}").format(sessions=", ".join(called[:-1]), last=called[-1])


def _when_added(edit: AddRun, names: Names) -> str:
    if edit.has_time:
        return moment_text(edit.start_utc, names.zone)
    return dated(edit.start_utc.astimezone(ZoneInfo(names.zone)).date())


def _added(edit: AddRun, names: Names) -> str:
    effort = "" if edit.effort is None else _(", effort {effort}").format(effort=effort_text(edit.effort))
    surface = "" if edit.surface == "unknown" else f", {surface_text(edit.surface)}"
    return _("Put in by hand: {what} of {when}, {amount}{more}.").format(
        what=ledger_word(edit.ledger),
        when=_when_added(edit, names),
        amount=amount_text(edit.distance_m, edit.duration_s),
        more=effort + surface,
    )


def _trimmed(edit: Trim, names: Names) -> str:
    session = session_name(edit.sid, names)
    if edit.from_utc is None and edit.to_utc is None:
        return _("Kept the whole of {session}.").format(session=session)
    if edit.to_utc is None and edit.from_utc is not None:
        return _("Kept {session} from {time} on.").format(session=session, time=time_text(edit.from_utc, names.zone))
    if edit.from_utc is None and edit.to_utc is not None:
        return _("Kept {session} until {time}.").format(session=session, time=time_text(edit.to_utc, names.zone))
    ends = [time_text(end, names.zone) for end in (edit.from_utc, edit.to_utc) if end is not None]
    return _("Kept {session} from {first} to {last}.").format(session=session, first=ends[0], last=ends[1])


def _changed(edit: Change, names: Names) -> str:
    session, parts = session_name(edit.sid, names), []
    if edit.athlete is not None:
        parts.append(_("it is {name}'s").format(name=names.people.get(edit.athlete, edit.athlete)))
    if edit.ledger is not None:
        parts.append(_("it counts as: {ledger}").format(ledger=ledger_word(edit.ledger)))
    if edit.surface is not None:
        parts.append(_("surface: {surface}").format(surface=surface_text(edit.surface)))
    return _("Said of {session}: {what}.").format(session=session, what="; ".join(parts) or _("nothing"))


def _told(edit: Tell, names: Names) -> str:
    session, parts = session_name(edit.sid, names), []
    if edit.shoe is not None:
        parts.append(_("run in {shoe}").format(shoe=names.shoes.get(edit.shoe, edit.shoe) or _("no pair")))
    if edit.effort is not None:
        parts.append(_("effort {effort}").format(effort=effort_text(edit.effort)))
    if edit.note is not None:
        parts.append(_("note “{note}”").format(note=_on_one_line(edit.note)))
    parts += [_("{field} no longer said").format(field=_field_word(told)) for told in edit.forget]
    return _("Said of {session}: {what}.").format(session=session, what="; ".join(parts) or _("nothing"))


def _on_one_line(note: str) -> str:
    """Free text for a line: what no terminal should be told is left out."""
    return " ".join("".join(c if c.isprintable() else " " for c in note).split())


def _field_word(told: ToldField) -> str:
    return {"shoe": _("shoe"), "effort": _("effort"), "note": _("note")}[told]


def _linked(edit: Link, names: Names) -> str:
    text = _("The same run: {sessions}.").format(sessions=_all(edit.sids, names))
    if edit.counts is None:
        return text
    return _("{text} What counts is {session}.").format(text=text, session=session_name(edit.counts, names))


def _worn(edit: WearShoe, names: Names) -> str:
    shoe = names.shoes.get(edit.shoe, edit.shoe) or _("no pair")
    if edit.last is None:
        return _("From {day} on: {shoe} unless another is said.").format(day=dated(edit.first), shoe=shoe)
    return _("{days}: {shoe}.").format(days=days_text(edit.first, edit.last), shoe=shoe)


def _undone(edit: Undo, names: Names) -> str:
    """Undo of an undo is told as what it brings back, however often that goes on."""
    entry, again = names.entries.get(edit.entry), False
    while entry is not None and isinstance(entry.edit, Undo):
        entry, again = names.entries.get(entry.edit.entry), not again
    what = edit.entry if entry is None else edit_sentence(entry.edit, names)
    return (_("Did again: {what}") if again else _("Took back: {what}")).format(what=what)
