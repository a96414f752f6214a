"""Everything that can be changed of one session: kept part, cut, joined, put right, deleted; made when it is opened."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from nicegui import run, ui

from sensor_hub.adapters.web import keeping_labels as labels
from sensor_hub.adapters.web.editor import Editor
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.forms import (
    Choices,
    Fields,
    Form,
    FormError,
    choice_field,
    long_field,
    moment_within,
    read_number,
    read_time,
    text_field,
)
from sensor_hub.adapters.web.timeline import Timeline, show_legend
from sensor_hub.errors import SensorHubError
from sensor_hub.model.edit import Change, Delete, Edit, Merge, Split, Tell, ToldField, Trim
from sensor_hub.model.history import KeptSession
from sensor_hub.model.load import Surface
from sensor_hub.model.session import Ledger, SessionSummary
from sensor_hub.words.sessions import TIME_UNKNOWN, effort_text, ledger_word

LEDGERS: Final[tuple[Ledger, ...]] = ("run", "walk", "exercise", "other")
MOST_OVERLAP: Final = timedelta(minutes=1)
MOST_APART: Final = timedelta(hours=12)  # what lies further apart, or overlaps, cannot be one run: it is not offered
SURFACES: Final[tuple[Surface, ...]] = ("unknown", "overground", "treadmill", "track", "trail")


@dataclass(frozen=True, slots=True)
class Around:
    """What the panel offers beside the session: whom and which pair it can be given to, and its neighbours.

    neighbours : sessions before and after it on its day that it can be joined with, each with what it is called.
    """

    people: Choices
    shoes: Choices
    neighbours: Sequence[tuple[str, str]]
    zone: str
    new_sid: Callable[[datetime], str]


class EditPanel:
    """The controls of a session, into the element that is open. Made anew whenever the session has changed."""

    def __init__(self, editor: Editor, kept: KeptSession, around: Around) -> None:
        self._editor, self._kept, self._around = editor, kept, around
        self._sid, self._zone = kept.summary.header.sid, around.zone
        with Tag("div", classes="panel", data_testid=f"panel-{self._sid}"):
            self._put_right()
            self._part()
            if around.neighbours:
                self._join()
            with Tag("section"):
                Tag("p", labels.delete_note(), "muted")
                button = Tag("button", labels.delete(), "button danger", type="button", data_testid="delete")
                button.on("click", self._delete)

    # --- what it was -------------------------------------------------------------------------------------------------

    def _put_right(self) -> None:
        header, told = self._kept.summary.header, self._kept.told
        with Tag("section"):
            Tag("h3", labels.say_title())
            with Form("put-right", self._save) as form:
                choice_field(labels.what(), "ledger", [(one, ledger_word(one)) for one in LEDGERS], header.ledger)
                choice_field(
                    labels.surface(), "surface", [(s, labels.surface_name(s)) for s in SURFACES], header.surface
                )
                if self._around.shoes:
                    worn = told.shoe or "" if told.shoe_said else ""
                    choice_field(labels.shoe(), "shoe", [("", labels.days_pair()), *self._around.shoes], worn)
                choice_field(labels.effort(), "effort", effort_choices(told.effort), shown_effort(told.effort))
                if len(self._around.people) > 1:
                    choice_field(labels.person(), "athlete", self._around.people, self._editor.athlete)
                long_field(labels.note(), "note", told.note)
            form.send_button(labels.save())

    async def _save(self, fields: Fields) -> bool:
        edits = self._said(fields)
        if not edits:
            raise FormError(labels.nothing_changed())
        await self._editor.make(*edits)
        return False

    def _said(self, fields: Fields) -> list[Edit]:
        """What differs from what is known already."""
        header, told = self._kept.summary.header, self._kept.told
        edits: list[Edit] = []
        ledger = next((one for one in LEDGERS if one == fields.get("ledger") != header.ledger), None)
        surface = next((one for one in SURFACES if one == fields.get("surface") != header.surface), None)
        people = {key for key, _name in self._around.people}
        athlete = fields.get("athlete", self._editor.athlete)
        given = athlete if athlete in people and athlete != self._editor.athlete else None
        if ledger or surface or given:
            edits.append(Change(self._sid, given, ledger, surface))
        edits += told_edits(
            self._sid, fields, told.shoe if told.shoe_said else None, told.effort, told.note, self._around.shoes
        )
        return edits

    # --- which part --------------------------------------------------------------------------------------------------

    def _part(self) -> None:
        with Tag("section") as box:
            Tag("h3", labels.trim_title())
            self._part_note = Tag("p", "…", "muted")
        ui.timer(0.05, lambda: self._draw_part(box), once=True)

    async def _draw_part(self, box: Tag) -> None:
        """Read the steps without keeping other pages waiting, then draw them with the fields."""
        summary = self._kept.summary
        try:
            steps = await run.io_bound(self._editor.view.steps, self._sid)
        except SensorHubError as problem:
            if not box.is_deleted:
                self._part_note.set_text(str(problem))
            return
        if box.is_deleted:  # closed meanwhile
            return
        if steps is None or len(steps.time_utc_us) == 0 or not summary.ended:
            self._part_note.set_text(labels.no_steps() if summary.ended else labels.still_running())
            return
        self._part_note.set_visibility(False)
        timeline = Timeline(steps, summary.start_utc, summary.end_utc)
        with box:
            show_legend(timeline.legend())
            picture = ui.html(timeline.svg(None, None, labels.timeline_label()), sanitize=False)
            first, last = (self._shown_time(m) for m in (summary.start_utc, summary.end_utc))
            with Form("trim", self._trim) as form:
                text_field(labels.keep_from(), "from", "time", first, step="1")
                text_field(labels.keep_to(), "to", "time", last, step="1")
            form.send_button(labels.keep())
            form.on_change(lambda fields: self._shade(picture, timeline, fields))
            with Form("split", self._split) as cut:
                text_field(labels.cut_at(), "at", "time", step="1")
            cut.send_button(labels.cut())

    def _shade(self, picture: ui.html, timeline: Timeline, fields: Fields) -> None:
        try:
            trim = self._trimmed(fields)
        except FormError:  # half typed; it is told when the form is sent
            return
        picture.set_content(timeline.svg(trim.from_utc, trim.to_utc, labels.timeline_label()))

    def _shown_time(self, moment_utc: datetime) -> str:
        return moment_utc.astimezone(ZoneInfo(self._zone)).strftime("%H:%M:%S")

    def _end(self, text: str, own_utc: datetime) -> datetime | None:
        """An end that was moved, or None where it is the session's own."""
        at = read_time(text)
        if at is None or at.isoformat() == self._shown_time(own_utc):
            return None
        return moment_within(at, self._kept.summary.start_utc, self._kept.summary.end_utc, self._zone)

    def _trimmed(self, fields: Fields) -> Trim:
        summary = self._kept.summary
        return Trim(
            self._sid,
            self._end(fields.get("from", ""), summary.start_utc),
            self._end(fields.get("to", ""), summary.end_utc),
        )

    async def _trim(self, fields: Fields) -> bool:
        trim = self._trimmed(fields)
        if trim.from_utc is None and trim.to_utc is None:
            raise FormError(labels.nothing_changed())
        await self._editor.make(trim)
        return False

    async def _split(self, fields: Fields) -> bool:
        at, summary = read_time(fields.get("at", "")), self._kept.summary
        if at is None:
            raise FormError(labels.nothing_changed())
        at_utc = moment_within(at, summary.start_utc, summary.end_utc, self._zone)
        await self._editor.make(Split(self._sid, at_utc, self._around.new_sid(at_utc)))
        return False

    # --- with others, or not at all ----------------------------------------------------------------------------------

    def _join(self) -> None:
        with Tag("section"):
            Tag("h3", labels.join_title())
            with Tag("div", classes="row"):
                for sid, called in self._around.neighbours:
                    button = Tag("button", labels.join_with(called), "button", type="button", data_testid=f"join-{sid}")
                    button.on("click", lambda _, other=sid: self._editor.make(Merge((self._sid, other))))

    async def _delete(self) -> None:
        await self._editor.make(Delete(self._sid))


def panel_key(kept: KeptSession) -> object:
    """What the controls of a session depend on: numbers that grow while it runs are not among it."""
    summary = kept.summary
    ends = (summary.start_utc, summary.end_utc) if summary.ended else None
    return (kept.standing, kept.told, kept.pieces, kept.entries, summary.header, ends)


def effort_choices(said: float | None = None) -> list[tuple[str, str]]:
    """0 to 10 with words, what was said if it lies between two of them, and nothing said."""
    efforts = {float(n) for n in range(11)} | ({said} if said is not None else set())
    return [("", labels.not_said()), *((shown_effort(one), effort_text(one)) for one in sorted(efforts))]


def shown_effort(effort: float | None) -> str:
    """An effort as the choices have it."""
    return "" if effort is None else f"{effort:g}"


def told_edits(
    sid: str, fields: Fields, shoe: str | None, effort: float | None, note: str, shoes: Choices
) -> list[Edit]:
    """What was said of a session where it differs from what was; what is empty now is unsaid."""
    forget: list[ToldField] = []
    new_shoe = fields.get("shoe", shoe or "")
    new_effort = fields.get("effort", shown_effort(effort))
    new_note = fields.get("note", note)
    said_shoe = new_shoe if new_shoe != (shoe or "") and new_shoe in {key for key, _name in shoes} else None
    said_effort = read_number(new_effort, labels.effort(), 10) if new_effort != shown_effort(effort) else None
    said_note = new_note[:2000] if new_note != note.strip() and new_note else None
    if shoe is not None and not new_shoe:
        forget.append("shoe")
    if effort is not None and not new_effort:
        forget.append("effort")
    if note and not new_note:
        forget.append("note")
    if said_shoe is None and said_effort is None and said_note is None and not forget:
        return []
    return [Tell(sid, said_shoe, said_effort, said_note, tuple(forget))]


def neighbours_of(
    kept: KeptSession, sessions: Sequence[KeptSession], called: Callable[[SessionSummary], str]
) -> list[tuple[str, str]]:
    """The sessions right before and after one that it can be joined with: id, and what each is called.

    They count, are of its ledger, do not overlap it and lie within hours of it; without a time of day nobody knows.
    """
    counting = sorted((k for k in sessions if k.counts), key=lambda k: k.summary.start_utc)
    try:
        place = next(i for i, k in enumerate(counting) if k.summary.header.sid == kept.summary.header.sid)
    except StopIteration:
        return []
    own = kept.summary
    before = [k.summary for k in counting[:place][-1:] if _can_join(k.summary, own)]
    after = [k.summary for k in counting[place + 1 :][:1] if _can_join(own, k.summary)]
    return [(s.header.sid, called(s)) for s in (*before, *after)]


def _can_join(one: SessionSummary, other: SessionSummary) -> bool:
    if one.header.ledger != other.header.ledger or {TIME_UNKNOWN} & {*one.warnings, *other.warnings}:
        return False
    return -MOST_OVERLAP <= other.start_utc - one.end_utc <= MOST_APART
