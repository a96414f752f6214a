"""A card with who is told: a list, a form, a test. An address goes in, and is never shown again."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Final

from nicegui import run, ui
from starlette.types import Scope

from sensor_hub.adapters.web import account_labels, keeping_labels
from sensor_hub.adapters.web import notify_labels as labels
from sensor_hub.adapters.web.asking import is_private
from sensor_hub.adapters.web.editor import OutcomeBar
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.forms import Fields, Form, FormError, read_time, text_field, tick_field
from sensor_hub.adapters.web.zone_field import zone_field, zone_options
from sensor_hub.errors import SensorHubError
from sensor_hub.model.notifying import QUIET_FROM, QUIET_UNTIL, AddresseeView
from sensor_hub.model.ports import Addressees
from sensor_hub.words.days import moment_text

POLL_S: Final = 5.0
URL: Final = "url"


class NotifyCard:
    """Who is told of one runner, or whom one coach is: athlete or account says which; both None is of the operator.

    zone : the time zone that the form offers; empty, the browser's.
    """

    def __init__(
        self,
        addressees: Addressees,
        scope: Scope,
        *,
        note: str,
        zone: str = "",
        athlete: str | None = None,
        account: str | None = None,
    ) -> None:
        self._addressees, self._scope, self._zone = addressees, scope, zone
        self._athlete, self._account = athlete, account
        self._shown: list[AddresseeView] | None = None
        with Tag("section", classes="card", aria_labelledby="notify-title", data_testid="notify"):
            Tag("h2", labels.notify(), id="notify-title")
            Tag("p", note)
            Tag("p", labels.once_note(), "muted")
            self._list = Tag("ul", classes="journal addressees", aria_live="polite", data_testid="addressees")
            with Tag("details", classes="notify-add", data_testid="notify-add") as self._details:
                Tag("summary", labels.add_title())
                self._form()
        self._bar = OutcomeBar()
        with suppress(SensorHubError):  # as below
            self._show(self._all())
        ui.timer(POLL_S, self._refresh)

    def _form(self) -> None:
        with Form("notify-form", self._add) as form:
            text_field(labels.url(), URL, "password", hint=labels.url_hint(), maxlength="2000", autocomplete="off")
            text_field(labels.label(), "label", maxlength="60")
            text_field(labels.quiet_from(), "from", "time", QUIET_FROM.strftime("%H:%M"))
            text_field(labels.quiet_until(), "until", "time", QUIET_UNTIL.strftime("%H:%M"), labels.quiet_hint())
            zone_field(labels.zone(), "zone", self._zone)
            tick_field(labels.numbers(), "numbers", ticked=False)
        form.send_button(labels.add(), labels.adding())
        zone_options()

    def _all(self) -> list[AddresseeView]:
        if self._athlete is not None:
            return self._addressees.of_athlete(self._athlete)
        return self._addressees.of_coach(self._account)

    async def _add(self, fields: Fields) -> bool:
        if not is_private(self._scope):
            raise FormError(account_labels.sent_in_the_clear())
        quiet_from, quiet_until = read_time(fields.get("from", "")), read_time(fields.get("until", ""))
        add = partial(
            self._addressees.add, fields.get(URL, ""), fields.get("label", ""), fields.get("zone", ""),
            athlete=self._athlete, account=self._account, quiet_from=quiet_from, quiet_until=quiet_until,
            numbers="numbers" in fields,
        )  # fmt: skip
        try:
            made = await run.io_bound(add)
        except SensorHubError as problem:
            raise FormError(str(problem)) from None
        if made is not None:
            self._bar.show(labels.added(made.addressee.label), can_undo=False)
            await self._refresh()
        return True

    async def _refresh(self) -> None:
        try:
            known: list[AddresseeView] | None = await run.io_bound(self._all)
        except SensorHubError:  # signed out meanwhile: the page says so by itself
            return
        if known is not None and not self._list.is_deleted:
            self._show(known)

    def _show(self, known: list[AddresseeView]) -> None:
        if known == self._shown:
            return
        self._shown = known
        self._list.clear()
        with self._list:
            if not known:
                Tag("li", labels.none_yet(), "muted")
            for one in known:
                self._line(one)

    def _line(self, view: AddresseeView) -> None:
        one = view.addressee
        with Tag("li", classes="entry addressee", data_testid=f"addressee-{one.id}"):
            with Tag("div", classes="entry-text"):
                Tag("p", one.label, "addressee-name")
                Tag("p", labels.addressee_line(view), "muted")
                sent = None if view.last_sent_utc is None else moment_text(view.last_sent_utc, one.zone)
                parts = [labels.last_sent(sent), *([labels.waiting(view.n_waiting)] if view.n_waiting else [])]
                Tag("p", " · ".join(parts), "muted")
                if view.problem is not None:
                    Tag("p", labels.problem(view.problem), "addressee-problem")
            with Tag("div", classes="addressee-does"):
                self._button(view, labels.test(), "test", self._addressees.try_out, labels.tested(one.label))
                self._button(view, labels.remove(), "remove", self._addressees.remove, labels.removed(one.label))

    def _button(self, view: AddresseeView, text: str, testid: str, do: Callable[[str], None], done: str) -> None:
        async def act() -> None:
            button.put(aria_disabled="true")
            try:
                await run.io_bound(do, view.addressee.id)
                self._bar.show(done, can_undo=False)
            except SensorHubError as problem:
                self._bar.show(keeping_labels.refused(str(problem)), can_undo=False, refused=True)
            button.put(aria_disabled=None)
            await self._refresh()

        button = Tag(
            "button", text, "button small", type="button", data_testid=f"{testid}-{view.addressee.id}",
            aria_label=labels.of_button(text, view.addressee.label),
        )  # fmt: skip
        button.on("click", act)
