"""The form for a run that no sensor saw."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Final

from sensor_hub.adapters.web import keeping_labels as labels
from sensor_hub.adapters.web.edit_panel import SURFACES, effort_choices, told_edits
from sensor_hub.adapters.web.editor import Editor
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.forms import (
    Choices,
    Fields,
    Form,
    FormError,
    choice_field,
    long_field,
    moment_of,
    read_day,
    read_distance_m,
    read_duration_s,
    read_number,
    read_time,
    text_field,
)
from sensor_hub.model.edit import AddRun
from sensor_hub.model.session import Ledger
from sensor_hub.words import translate as _
from sensor_hub.words.sessions import ledger_word

ADDED_LEDGERS: Final[tuple[Ledger, ...]] = ("run", "walk", "other")
NOON: Final = time(12)


class RunForm:
    """Folded until it is needed; what is left out is unknown. title : what it is called, where not as usual."""

    def __init__(
        self,
        editor: Editor,
        zone: str,
        today: date,
        shoes: Choices,
        new_sid: Callable[[datetime], str],
        title: str = "",
    ) -> None:
        self._editor, self._zone, self._today, self._shoes, self._new_sid = editor, zone, today, shoes, new_sid
        with Tag("details", classes="card add-run", data_testid="add-run"):
            Tag("summary", title or labels.add_run())
            Tag("p", labels.add_run_note(), "muted")
            with Form("add-run-form", self._add) as form:
                self._day = text_field(
                    labels.day(), "day", "date", today.isoformat(), max=today.isoformat(), required=""
                )
                text_field(labels.time_of_day(), "at", "time")
                text_field(labels.distance_km(), "km", inputmode="decimal")
                text_field(labels.duration(), "duration", hint=labels.duration_hint(), inputmode="text")
                choice_field(labels.effort(), "effort", effort_choices())
                choice_field(labels.what(), "ledger", [(one, ledger_word(one)) for one in ADDED_LEDGERS])
                choice_field(labels.surface(), "surface", [(s, labels.surface_name(s)) for s in SURFACES])
                if shoes:
                    choice_field(labels.shoe(), "shoe", [("", labels.days_pair()), *shoes])
                long_field(labels.note(), "note")
            form.send_button(labels.add())

    def show(self, today: date) -> None:
        """Take another day for today: a page that stood open overnight takes the run of this morning."""
        if today != self._today:
            self._today = today
            self._day.put(max=today.isoformat(), defaultValue=today.isoformat())

    async def _add(self, fields: Fields) -> bool:
        run = self._run(fields)
        told = told_edits(run.sid, {**fields, "effort": ""}, None, None, "", self._shoes)
        return await self._editor.make(run, *told)

    def _run(self, fields: Fields) -> AddRun:
        day = read_day(fields.get("day", ""))
        if day > self._today:
            raise FormError(_("That day is yet to come."))
        at = read_time(fields.get("at", ""))
        start_utc = moment_of(day, NOON if at is None else at, self._zone)
        return AddRun(
            sid=self._new_sid(start_utc),
            start_utc=start_utc,
            has_time=at is not None,
            duration_s=read_duration_s(fields.get("duration", "")),
            distance_m=read_distance_m(fields.get("km", "")),
            effort=read_number(fields.get("effort", ""), labels.effort(), 10),
            ledger=next((one for one in ADDED_LEDGERS if one == fields.get("ledger")), "run"),
            surface=next((one for one in SURFACES if one == fields.get("surface")), "unknown"),
        )
