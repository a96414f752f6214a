"""Forms in plain HTML: one event carries all fields as texts when the form is sent; everything is checked here."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from nicegui.events import GenericEventArguments

from sensor_hub.adapters.web.elements import Tag
from sensor_hub.words import manner
from sensor_hub.words import translate as _
from sensor_hub.words.lengths import length_m

Fields: TypeAlias = Mapping[str, str]
Choices: TypeAlias = Sequence[tuple[str, str]]
_SENT: Final = "(e) => { e.preventDefault(); emit(Object.fromEntries(new FormData(e.target))) }"
_CHANGED: Final = "(e) => emit(Object.fromEntries(new FormData(e.currentTarget)))"
_AS_TYPED: Final = frozenset(("password", "old", "new", "again"))  # a space belongs to a password
_NUMBER: Final = re.compile(r"\d{1,6}(?:[.,]\d{1,6})?")
_CLOCK: Final = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2})|(\d{1,4})")


class FormError(ValueError):
    """A field cannot be used; its text is for the person who filled it in."""


class Form(Tag):
    """A form; ``on_send`` gets its fields, and what it raises as FormError stands beneath them."""

    def __init__(self, testid: str, on_send: Callable[[Fields], Awaitable[bool]], classes: str = "form") -> None:
        super().__init__("form", classes=classes, data_testid=testid, novalidate="", autocomplete="off")
        self._on_send = on_send
        self._manner = manner.current()  # what its fields ask for, whatever was chosen elsewhere since
        self._problem: Tag | None = None
        self._button: Tag | None = None
        self._ready, self._waiting, self._is_busy = "", "", False
        self.on("submit", self._sent, js_handler=_SENT)

    def on_change(self, changed: Callable[[Fields], None]) -> None:
        """Be told the fields whenever one of them changes."""
        self.on("input", lambda event: changed(sent_fields(event)), js_handler=_CHANGED, throttle=0.2)

    def send_button(self, text: str, waiting: str = "") -> None:
        """The last line of the form: where a problem stands, and the button; waiting : what it says while at work."""
        self._ready, self._waiting = text, waiting or text
        with self:
            self._problem = Tag("p", classes="form-problem", role="alert")
            self._problem.set_visibility(False)
            self._button = Tag("button", text, "button main", type="submit")

    def empty(self) -> None:
        """Have the browser put every field back as it was."""
        self.client.run_javascript(f"document.getElementById({self.html_id!r})?.reset()")

    async def _sent(self, event: GenericEventArguments) -> None:
        if self._is_busy:  # a second tap on a slow hub would do it twice: add the run again
            return
        self._set_busy(True)
        problem = _("The program failed; the log of the hub says how.")
        try:
            with manner.speaking(self._manner):
                is_done = await self._on_send(sent_fields(event))
            if is_done:
                self.empty()
            problem = ""
        except FormError as refused:
            problem = str(refused)
        finally:
            self._set_busy(False)
            self._say(problem)

    def _set_busy(self, is_busy: bool) -> None:
        self._is_busy = is_busy
        if self._button is not None and not self._button.is_deleted:
            self._button.put(aria_disabled="true" if is_busy else None)
            self._button.set_text(self._waiting if is_busy else self._ready)

    def _say(self, problem: str) -> None:
        if self._problem is not None and not self._problem.is_deleted:
            self._problem.set_text(problem)
            self._problem.set_visibility(bool(problem))


def sent_fields(event: GenericEventArguments) -> Fields:
    """Fields of a form as texts, without spaces around them unless they are a password."""
    told = event.args if isinstance(event.args, dict) else {}
    fields = {str(key): str(value)[:5000] for key, value in told.items()}
    return {key: value if key in _AS_TYPED else value.strip() for key, value in fields.items()}


def text_field(label: str, name: str, kind: str = "text", value: str = "", hint: str = "", **attributes: str) -> Tag:
    """A labelled input; kind is its HTML type."""
    with Tag("label", classes="field"):
        Tag("span", label, "field-name")
        field = Tag("input", name=name, type=kind, **attributes)
        if value:  # as ``value`` it would be put back, over what was typed, whenever anything on the page changes
            field.put(defaultValue=value)
        if hint:
            Tag("span", hint, "field-hint")
    return field


def long_field(label: str, name: str, value: str = "") -> Tag:
    """A labelled text of several lines."""
    with Tag("label", classes="field wide"):
        Tag("span", label, "field-name")
        return Tag("textarea", value, name=name, rows="2", maxlength="2000")


def choice_field(label: str, name: str, choices: Choices, chosen: str = "") -> Tag:
    """A labelled list of choices, (value, text) each."""
    with Tag("label", classes="field"):
        Tag("span", label, "field-name")
        with Tag("select", name=name) as field:
            for value, text in choices:
                option = Tag("option", text, value=value)
                if value == chosen:
                    option.put(selected="")
    return field


def tick_field(label: str, name: str, *, ticked: bool) -> Tag:
    """A labelled box to tick."""
    with Tag("label", classes="field ticked"):
        field = Tag("input", name=name, type="checkbox", value="yes")
        if ticked:
            field.put(checked="")
        Tag("span", label)
    return field


# --- what the fields say ---------------------------------------------------------------------------------------------


def read_day(text: str) -> date:
    """A day as browsers send it, 2026-11-20."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FormError(_("Say on which day.")) from None


def read_number(text: str, name: str, highest: float, lowest: float = 0.0) -> float | None:
    """A number with a point or a comma; None where nothing was said."""
    if not text:
        return None
    sign, digits = (-1, text[1:]) if text[0] in "-−" else (1, text)
    value = sign * float(digits.replace(",", ".")) if _NUMBER.fullmatch(digits) else None
    if value is None or not lowest <= value <= highest:
        raise FormError(
            _("{name}: a number from {lowest} to {highest}, or nothing where it is not known.").format(
                name=name, lowest=f"{lowest:g}", highest=f"{highest:g}"
            )
        )
    return value


def read_distance_m(text: str) -> float | None:
    """Kilometres or miles, as the form asked for them → m."""
    far = read_number(text, _("Distance"), 500)
    return None if far is None else round(far * length_m(), 3)


def read_duration_s(text: str) -> float | None:
    """A duration as h:mm:ss, mm:ss or whole minutes → s."""
    if not text:
        return None
    found = _CLOCK.fullmatch(text)
    duration_s = 0
    if found is not None:
        hours, minutes, seconds, whole = (int(part or 0) for part in found.groups())
        fits = seconds < 60 and (hours == 0 or minutes < 60)
        duration_s = 3600 * hours + 60 * (minutes + whole) + seconds if fits else 0
    if not 0 < duration_s <= 172_800:
        raise FormError(_("Time: such as 45:30 or 1:05:00, or nothing where it is not known."))
    return float(duration_s)


def read_time(text: str) -> time | None:
    """A time of day as browsers send it, 07:30 or 07:30:15; None where nothing was said."""
    if not text:
        return None
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise FormError(_("Time of day: such as 07:30.")) from None


def moment_of(day: date, at: time, zone: str) -> datetime:
    """A local day and time → UTC; FormError where the clocks had no such time, or had it twice."""
    local = datetime.combine(day, at, ZoneInfo(zone))
    moments = {local.replace(fold=fold).astimezone(ZoneInfo("UTC")) for fold in (0, 1)}
    moment = min(moments)
    if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != datetime.combine(day, at):
        raise FormError(_("The clocks were put forward: there was no {time} on that day.").format(time=at.isoformat()))
    if len(moments) > 1:
        raise FormError(
            _("The clocks were put back: {time} was twice on that day. Say a time an hour away.").format(
                time=at.isoformat()
            )
        )
    return moment


def moment_within(at: time, first_utc: datetime, last_utc: datetime, zone: str) -> datetime:
    """A time of day → the moment within ``[first_utc, last_utc]`` that a clock showed it; FormError if none did."""
    first = first_utc.astimezone(ZoneInfo(zone)).date()
    n_days = (last_utc.astimezone(ZoneInfo(zone)).date() - first).days
    for k in range(n_days + 1):
        for fold in (0, 1):
            local = datetime.combine(first + timedelta(days=k), at, ZoneInfo(zone)).replace(fold=fold)
            moment = local.astimezone(ZoneInfo("UTC"))
            # Fields show whole seconds: the second that the session begins or ends in is within it.
            if first_utc - timedelta(seconds=1) < moment < last_utc + timedelta(seconds=1):
                return moment
    raise FormError(_("{time} is not within this run.").format(time=at.isoformat()))
