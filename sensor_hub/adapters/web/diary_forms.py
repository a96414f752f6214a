"""The diary's forms, a folded card each; pain stands open."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, get_args

from sensor_hub.adapters.web import diary_labels as labels
from sensor_hub.adapters.web import guide_labels, guide_words
from sensor_hub.adapters.web.diary_reading import READERS, SYMPTOMS, Here, read_consents
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.forms import Choices, Fields, Form, choice_field, long_field, text_field, tick_field
from sensor_hub.adapters.web.speaker import Speaker
from sensor_hub.model.diary import (
    EMERGENCIES,
    CareKind,
    Condition,
    ConsentCategory,
    CrossSport,
    ExerciseName,
    MedicineKind,
    PainSide,
    PainSite,
    PainTime,
    Warming,
)

LEVELS: Final[Choices] = [("", labels.choose()), *((f"{n / 2:g}", f"{n / 2:g}") for n in range(21))]
TIMES: Final = ("morning", *(t for t in get_args(PainTime) if t != "morning"))
SITES: Final = ("unknown", *(s for s in get_args(PainSite) if s != "unknown"))


@dataclass(frozen=True, slots=True)
class Offered:
    """What forms offer: now, the side that was said last, runs to choose from, and what the coach may see by now."""

    now_utc: Callable[[], datetime]
    side: PainSide
    runs: Choices
    consents: Callable[[], frozenset[ConsentCategory]]


class DiaryForms:
    """All of them. Each is emptied when its line is written."""

    def __init__(self, speaker: Speaker, offered: Offered) -> None:
        self._speaker, self._offered = speaker, offered
        self._emergency: Tag
        fillers = {
            "pain": self._pain, "symptoms": self._symptoms, "exercise": self._exercise,
            "cross-training": self._cross_training, "care": self._care, "medicine": self._medicine,
            "episode": self._episode, "profile": self._profile, "clearance": self._clearance, "sleep": self._sleep,
        }  # fmt: skip
        with Tag("div", classes="diary-forms"):
            for kind, fill in fillers.items():
                self._form(kind, fill)
            self._consents()

    def _here(self) -> Here:
        return Here(self._speaker.athlete.zone, self._offered.now_utc())

    def _form(self, kind: str, fill: Callable[[Form], None]) -> None:
        async def send(fields: Fields) -> bool:
            is_said = await self._speaker.say(READERS[kind](fields, self._here()))
            if is_said and kind == "symptoms":  # the form is empty again; the verdict above says it now
                self._emergency.set_visibility(False)
            return is_said

        with _card(kind), Form(f"{kind}-form", send) as form:
            fill(form)
        form.send_button(labels.save())

    # --- the forms ---------------------------------------------------------------------------------------------------

    def _pain(self, _form: Form) -> None:
        choice_field(labels.field("level"), "level", LEVELS)
        _choices("when", TIMES)
        self._moment()
        self._side()
        _choices("site", SITES)
        with _more():
            _choices("quality", ("pain", "stiffness"))
            choice_field(labels.field("sid"), "sid", [("", labels.by_its_time()), *self._offered.runs])
            _choices("warming", get_args(Warming), empty=labels.not_said())
            _yes_no("tapering")
            _number("onset_min")
            long_field(labels.field("note"), "note")

    def _symptoms(self, form: Form) -> None:
        with Tag("div", classes="emergency", role="alert", data_testid="emergency") as box:
            Tag("p", guide_words.emergency())
        self._emergency = box
        box.set_visibility(False)
        for name in SYMPTOMS:
            tick_field(labels.symptom(name), name, ticked=False)
            if name == EMERGENCIES[-1]:
                Tag("hr", classes="rule")
        tick_field(labels.field("others-absent"), "others-absent", ticked=False)
        self._side()
        self._moment()
        _number("tender_cm")
        long_field(labels.field("note"), "note")

        def ticked(fields: Fields) -> None:
            box.set_visibility(any(name in fields for name in EMERGENCIES))

        # At the tick and not at "Save": nobody with such a sign should have to find a button first.
        form.on_change(ticked)

    def _exercise(self, _form: Form) -> None:
        _choices("exercise", get_args(ExerciseName))
        _number("sets")
        _number("reps")
        self._side()
        _choices("knee", ("straight", "bent"), empty=labels.not_said())
        _choices("ground", ("flat", "step"), empty=labels.not_said())
        _levels("pain")
        self._moment()
        with _more():
            _number("lowering_s")
            _number("hold_s")
            _yes_no("both_feet_up")
            _number("added_kg")
            long_field(labels.field("note"), "note")

    def _cross_training(self, _form: Form) -> None:
        choice_field(
            labels.field("sport"), "sport", [(sport, guide_labels.sport_word(sport)) for sport in get_args(CrossSport)]
        )
        text_field(labels.field("duration"), "duration", hint="45:00", inputmode="text")
        _levels("pain")
        self._moment()
        long_field(labels.field("note"), "note")

    def _care(self, _form: Form) -> None:
        _choices("care", get_args(CareKind))
        self._span()
        long_field(labels.field("note"), "note")

    def _medicine(self, _form: Form) -> None:
        _choices("medicine", get_args(MedicineKind))
        self._span()
        long_field(labels.field("note"), "note")

    def _sleep(self, _form: Form) -> None:
        self._day("day")
        _number("sleep_h")
        _yes_no("ate_well")
        long_field(labels.field("note"), "note")

    def _profile(self, _form: Form) -> None:
        self._day("born", filled=False)
        self._day("running_since", filled=False)
        for condition in get_args(Condition):
            tick_field(labels.field(condition), condition, ticked=False)
        tick_field(labels.field("no-condition"), "no-condition", ticked=False)
        _yes_no("weak_calf")
        _number("knee_to_wall_cm")
        _number("rest_h")

    def _episode(self, _form: Form) -> None:
        _choices("state", ("began", "recovered"))
        self._day("day")
        self._side()
        long_field(labels.field("note"), "note")

    def _clearance(self, _form: Form) -> None:
        text_field(labels.field("by_name"), "by_name", maxlength="100")
        _choices("role", ("physician", "physiotherapist"))
        self._day("day")

    def _consents(self) -> None:
        granted = self._offered.consents()

        async def send(fields: Fields) -> bool:
            said = read_consents(fields, self._offered.consents())  # what was saved since, or undone, counts
            if said:
                await self._speaker.say(*said)
            return False

        with _card("consent"), Form("consent-form", send) as form:
            for category in get_args(ConsentCategory):
                tick_field(labels.choice("category", category), category, ticked=category in granted)
        form.send_button(labels.save())

    # --- fields ------------------------------------------------------------------------------------------------------

    def _side(self) -> None:
        choices = [(side, guide_labels.side_word(side)) for side in guide_labels.SIDES]
        choice_field(labels.field("side"), "side", choices, self._offered.side)

    def _moment(self) -> None:
        self._day("day")
        text_field(labels.field("at"), "at", "time")

    def _day(self, name: str, *, filled: bool = True) -> None:
        today = self._here().today.isoformat()
        text_field(labels.field(name), name, "date", today if filled else "", max=today)

    def _span(self) -> None:
        self._day("first")
        text_field(labels.field("last"), "last", "date")


def _card(kind: str) -> Tag:
    attributes = {"open": ""} if kind == "pain" else {}
    with Tag("details", classes="card", data_testid=f"say-{kind}", **attributes) as card:
        Tag("summary", labels.kind_title(kind))
        if labels.kind_note(kind):
            Tag("p", labels.kind_note(kind), "muted")
    return card


def _more() -> Tag:
    with Tag("details", classes="field wide"):
        Tag("summary", labels.more())
        return Tag("div", classes="form")


def _choices(name: str, values: tuple[str, ...], empty: str | None = None) -> None:
    offered = [] if empty is None else [("", empty)]
    choice_field(labels.field(name), name, [*offered, *((value, labels.choice(name, value)) for value in values)])


def _yes_no(name: str) -> None:
    choice_field(labels.field(name), name, [("", labels.not_said()), ("yes", labels.yes()), ("no", labels.no())])


def _levels(name: str) -> None:
    choice_field(labels.field(name), name, [("", labels.not_said()), *LEVELS[1:]])


def _number(name: str) -> None:
    text_field(labels.field(name), name, inputmode="decimal")
