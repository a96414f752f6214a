"""A runner's pairs: what was run in each, which one is worn, and putting them right."""

from collections.abc import Callable
from datetime import date

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
from sensor_hub.words.lengths import length_m, typed_length


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
        self._cards: dict[str, ShoeCard] = {}
        self._frame = Frame(keeping_labels.page_of(keeping_labels.shoes(), athlete.display_name), back=True)
        self._editor: Editor | None = None
        with self._frame.header:
            athlete_nav(athlete.id, athlete.display_name, "shoes", writing)
        with self._frame.body:
            if refusal is None:
                self._editor = Editor(
                    view, keeping, athlete.id, lambda: self._things.names(self._history), self._refresh
                )
            else:
                Tag("p", refusal, "refusal muted", data_testid="refusal")
            self._none = Tag("p", person_labels.no_shoes(), "muted")
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
        in_order = sorted(shoes, key=lambda shoe: shoe.retired_utc is not None)
        self._none.set_visibility(not shoes)
        if list(self._cards) != [shoe.id for shoe in in_order]:
            self._list.clear()
            with self._list:
                self._cards = {shoe.id: self._card(shoe) for shoe in in_order}
        for shoe in in_order:
            self._cards[shoe.id].show(shoe, history)

    def _card(self, shoe: Shoe) -> "ShoeCard":
        return ShoeCard(shoe.id, self._editor, lambda now: self._form(f"shoe-form-{now.id}", now))

    def _form(self, testid: str, shoe: Shoe | None) -> None:
        async def keep(fields: Fields) -> bool:
            return await self._keep(shoe, fields)

        with Form(testid, keep) as form:
            text_field(person_labels.shoe_name(), "name", value="" if shoe is None else shoe.name, maxlength="60")
            drop = "" if shoe is None or shoe.drop_mm is None else f"{shoe.drop_mm:g}"
            text_field(person_labels.drop_mm(), "drop", value=drop, hint=person_labels.drop_hint(), inputmode="decimal")
            before = "" if shoe is None else _typed_start(shoe)
            text_field(person_labels.start_km(), "km", value=before, inputmode="decimal")
            if shoe is not None:
                tick_field(person_labels.retired(), "retired", ticked=shoe.retired_utc is not None)
        form.send_button(keeping_labels.add() if shoe is None else keeping_labels.save())

    async def _keep(self, shoe: Shoe | None, fields: Fields) -> bool:
        name = fields.get("name", "")
        if not name:
            raise FormError(person_labels.shoe_name())
        drop_mm = read_number(fields.get("drop", ""), person_labels.drop_mm(), 40, -10)
        start_m = read_start_m(fields.get("km", ""), shoe)
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


class ShoeCard:
    """One pair. form : puts what can be put right of it; made anew only when that changed, so that what is typed stays.

    editor : None where nothing is taken.
    """

    def __init__(self, shoe: str, editor: Editor | None, form: Callable[[Shoe], None]) -> None:
        self._editor, self._make_form = editor, form
        self._shown: object = None
        self._form_of: Shoe | None = None
        with Tag("article", classes="card", data_testid=f"shoe-{shoe}") as self._box:
            self._about = Tag("div", classes="shoe-about")
            self._change = Tag("details")
        self._change.set_visibility(editor is not None)

    def show(self, shoe: Shoe, history: HistoryView) -> None:
        """Show the pair as it is; what was run in it grows while somebody runs."""
        use = next((use for use in history.shoes if use.shoe == shoe.id), None)
        marks = marks_of(shoe, history)
        key = (shoe, use, marks, history.today)
        if key == self._shown:
            return
        self._shown = key
        self._box.put_classes("card" if shoe.retired_utc is None else "card kept-deleted")
        self._about.clear()
        with self._about:
            Tag("h2", shoe.name)
            if marks:
                with Tag("div", classes="kept-head"):
                    for mark in marks:
                        Tag("span", mark, "chip")
            Tag("p", unbroken(run_in(shoe, use)), "kept-numbers")
            Tag("p", person_labels.drop_text(shoe.drop_mm), "muted")
            if self._editor is not None and shoe.retired_utc is None:
                self._wear(self._editor, shoe, history.today)
        if self._editor is not None and shoe != self._form_of:
            self._form_of = shoe
            self._change.clear()
            with self._change:
                Tag("summary", person_labels.change_shoe())
                self._make_form(shoe)

    @staticmethod
    def _wear(editor: Editor, shoe: Shoe, today: date) -> None:
        with Tag("div", classes="row"):
            once = Tag("button", person_labels.wear_today(), "button", type="button", data_testid="wear-today")
            once.on("click", lambda: editor.make(WearShoe(shoe.id, today, today)))
            on = Tag("button", person_labels.wear_from_today(), "button", type="button", data_testid="wear-on")
            on.on("click", lambda: editor.make(WearShoe(shoe.id, today)))


def marks_of(shoe: Shoe, history: HistoryView) -> list[str]:
    """What a pair is marked as: today's, the one worn until another is said, no longer worn."""
    marks = [person_labels.todays_pair()] if history.shoe_today == shoe.id else []
    marks += [person_labels.default_pair()] if history.shoe_default == shoe.id else []
    return marks + ([person_labels.retired_mark()] if shoe.retired_utc is not None else [])


def _typed_start(shoe: Shoe) -> str:
    return typed_length(shoe.start_distance_m) if shoe.start_distance_m else ""


def read_start_m(text: str, shoe: Shoe | None = None) -> float:
    """Distance before a pair came here; nothing said is a new pair. What nobody changed stays to the metre."""
    if shoe is not None and text == _typed_start(shoe):
        return shoe.start_distance_m
    before = read_number(text, person_labels.start_km(), 10_000)
    return 0.0 if before is None else round(before * length_m(), 3)


def run_in(shoe: Shoe, use: ShoeUse | None) -> str:
    """What was run in a pair, with what it had before."""
    if use is None:
        return person_labels.distance_run(words.quantity(shoe.start_distance_m, "distance_m"), 0)
    if use.distance_m is None:
        return keeping_labels.at_least_shoe(words.quantity(use.known_distance_m, "distance_m"))
    return person_labels.distance_run(words.quantity(use.distance_m, "distance_m"), use.n_runs)
