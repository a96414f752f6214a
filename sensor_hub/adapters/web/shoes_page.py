"""A runner's pairs: what was run in each, which one is worn, and putting them right."""

from nicegui import run, ui

from sensor_hub import words
from sensor_hub.adapters.web import keeping_labels, person_labels
from sensor_hub.adapters.web.athlete_nav import athlete_nav
from sensor_hub.adapters.web.editor import Editor
from sensor_hub.adapters.web.elements import Tag, unbroken
from sensor_hub.adapters.web.forms import Fields, Form, FormError, read_number, text_field, tick_field
from sensor_hub.adapters.web.frame import Frame
from sensor_hub.adapters.web.runs_page import HISTORY_POLL_S, Things
from sensor_hub.adapters.web.writing import WriteSide
from sensor_hub.errors import SensorHubError
from sensor_hub.model.athlete import Athlete, Shoe
from sensor_hub.model.edit import WearShoe
from sensor_hub.model.history import HistoryView, ShoeUse
from sensor_hub.model.ports import HubView, Keeping, PersonData
from sensor_hub.units import M_PER_KM


class ShoesPage:
    """Cards, a pair each. refusal : why this browser may not change anything, None if it may."""

    def __init__(
        self,
        view: HubView,
        writing: WriteSide,
        keeping: Keeping,
        data: PersonData,
        athlete: Athlete,
        refusal: str | None,
    ) -> None:
        self._keeping, self._data, self._athlete = keeping, data, athlete
        self._things = Things(view, writing, athlete)
        self._history = keeping.history(athlete.id)
        self._shown: object = None
        self._frame = Frame(keeping_labels.page_of(keeping_labels.shoes(), athlete.display_name), back=True)
        self._editor: Editor | None = None
        with self._frame.header:
            athlete_nav(athlete.id, athlete.display_name, "shoes", data=True)
        with self._frame.body:
            if refusal is None:
                self._editor = Editor(
                    view, keeping, athlete.id, lambda: self._things.names(self._history), self._refresh
                )
            else:
                Tag("p", refusal, "refusal muted", data_testid="refusal")
            self._list = Tag("div", classes="grid shoes", data_testid="shoes")
            if self._editor is not None:
                with Tag("details", classes="card", data_testid="add-shoe"):
                    Tag("summary", person_labels.add_shoe())
                    self._form("add-shoe-form", None)
        self._show()
        ui.timer(HISTORY_POLL_S, self._refresh)

    async def _refresh(self) -> None:
        try:
            history: HistoryView | None = await run.io_bound(self._keeping.history, self._athlete.id)
            self._history = self._history if history is None else history
            self._show()
        except SensorHubError as problem:
            self._frame.trouble(str(problem))
            return
        self._frame.trouble(None)

    def _show(self) -> None:
        shoes, history = self._data.shoes(self._athlete.id), self._history
        key = (shoes, history.shoes, history.shoe_today)
        if key == self._shown:
            return
        self._shown = key
        self._list.clear()
        with self._list:
            if not shoes:
                Tag("p", person_labels.no_shoes(), "muted")
            for shoe in sorted(shoes, key=lambda s: s.retired_utc is not None):
                self._card(shoe, history)

    def _card(self, shoe: Shoe, history: HistoryView) -> None:
        use = next((use for use in history.shoes if use.shoe == shoe.id), None)
        is_retired, is_today = shoe.retired_utc is not None, history.shoe_today == shoe.id
        with Tag("article", classes="card kept-deleted" if is_retired else "card", data_testid=f"shoe-{shoe.id}"):
            Tag("h2", shoe.name)
            with Tag("div", classes="kept-head"):
                if is_today:
                    Tag("span", person_labels.todays_pair(), "chip today")
                if is_retired:
                    Tag("span", person_labels.retired_mark(), "chip")
            Tag("p", unbroken(run_in(shoe, use)), "kept-numbers")
            Tag("p", person_labels.drop_text(shoe.drop_mm), "muted")
            editor = self._editor
            if editor is None:
                return
            if not is_retired:
                today = history.today
                with Tag("div", classes="row"):
                    once = Tag("button", person_labels.wear_today(), "button", type="button", data_testid="wear-today")
                    once.on("click", lambda: editor.make(WearShoe(shoe.id, today, today)))
                    on = Tag("button", person_labels.wear_from_today(), "button", type="button", data_testid="wear-on")
                    on.on("click", lambda: editor.make(WearShoe(shoe.id, today)))
            with Tag("details"):
                Tag("summary", person_labels.change_shoe())
                self._form(f"shoe-form-{shoe.id}", shoe)

    def _form(self, testid: str, shoe: Shoe | None) -> None:
        async def keep(fields: Fields) -> bool:
            return await self._keep(shoe, fields)

        with Form(testid, keep) as form:
            text_field(person_labels.shoe_name(), "name", value="" if shoe is None else shoe.name, maxlength="60")
            drop = "" if shoe is None or shoe.drop_mm is None else f"{shoe.drop_mm:g}"
            text_field(person_labels.drop_mm(), "drop", value=drop, hint=person_labels.drop_hint(), inputmode="decimal")
            km = "" if shoe is None or not shoe.start_distance_m else f"{shoe.start_distance_m / M_PER_KM:g}"
            text_field(person_labels.start_km(), "km", value=km, inputmode="decimal")
            if shoe is not None:
                tick_field(person_labels.retired(), "retired", ticked=shoe.retired_utc is not None)
        form.send_button(keeping_labels.add() if shoe is None else keeping_labels.save())

    async def _keep(self, shoe: Shoe | None, fields: Fields) -> bool:
        name = fields.get("name", "")
        if not name:
            raise FormError(person_labels.shoe_name())
        drop_mm = read_number(fields.get("drop", ""), person_labels.drop_mm(), 40, -10)
        start_m = read_start_m(fields.get("km", ""))
        try:
            if shoe is None:
                await run.io_bound(
                    self._data.add_shoe, self._athlete.id, name, drop_mm=drop_mm, start_distance_m=start_m
                )
            else:
                await run.io_bound(
                    self._data.change_shoe, shoe.id, name=name, drop_mm=drop_mm, start_distance_m=start_m,
                    retired="retired" in fields,
                )  # fmt: skip
        except SensorHubError as problem:
            raise FormError(str(problem)) from None
        if self._editor is not None:
            self._editor.bar.show(person_labels.shoe_kept(name), can_undo=False)
        await self._refresh()
        return shoe is None


def read_start_m(text: str) -> float:
    """Distance before a pair came here; nothing said is a new pair."""
    km = read_number(text, person_labels.start_km(), 10_000)
    return 0.0 if km is None else km * M_PER_KM


def run_in(shoe: Shoe, use: ShoeUse | None) -> str:
    """What was run in a pair, with what it had before."""
    if use is None:
        return person_labels.distance_run(words.quantity(shoe.start_distance_m, "distance_m"), 0)
    if use.distance_m is None:
        return keeping_labels.at_least_shoe(words.quantity(use.known_distance_m, "distance_m"))
    return person_labels.distance_run(words.quantity(use.distance_m, "distance_m"), use.n_runs)
