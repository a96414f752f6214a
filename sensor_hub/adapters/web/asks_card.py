"""Questions that are due, each answered in two taps: a number, then its whole or half on the side it was last time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sensor_hub.adapters.web import guide_labels as labels
from sensor_hub.adapters.web import guide_words
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.speaker import Speaker
from sensor_hub.model.diary import PainSide, PainTime, SayPain
from sensor_hub.model.guidance import Ask
from sensor_hub.model.ports import DiaryView

_TIMES: Final[dict[str, PainTime]] = {"morning": "morning", "day-after": "day-after", "daily": "morning"}


def side_of_last(diary: DiaryView) -> PainSide:
    """The side of the pain that was said last; both where nobody ever said one."""
    for entry in diary.entries:
        if isinstance(entry.edit, SayPain) and entry.id not in diary.undone:
            return entry.edit.side
    return "both"


def answer(ask: Ask, level: float, side: PainSide, now_utc: datetime, zone: str) -> SayPain:
    """The line that answers a question: of now, or of the day it is about where that is over."""
    today = now_utc.astimezone(ZoneInfo(zone)).date()
    of_now = today == ask.day or ask.key == "day-after"
    at_utc = now_utc if of_now else max(ask.due_utc, now_utc - timedelta(days=14))
    return SayPain(min(at_utc, now_utc), _TIMES[ask.key], level, side, sid=ask.sid)


def level_text(level: float) -> str:
    """A level as digits: 3, 3.5."""
    return f"{level:g}"


class AsksCard:
    """Hidden without a question. speaker : None where nothing is taken."""

    def __init__(self, speaker: Speaker | None, now_utc: Callable[[], datetime], athlete: str) -> None:
        self._speaker, self._now_utc, self._athlete = speaker, now_utc, athlete
        self._shown: object = None
        with Tag("section", classes="card asks", aria_labelledby="guide-asks-title", data_testid="guide-asks") as box:
            Tag("h2", labels.asks_title(), id="guide-asks-title")
            self._list = Tag("ul", classes="ask-list")
        self._box = box
        self._box.set_visibility(False)

    def show(self, asks: tuple[Ask, ...], side: PainSide) -> None:
        """Show what is asked; what is being chosen stays while the questions are the same."""
        if (asks, side) == self._shown:
            return
        self._shown = asks, side
        self._box.set_visibility(bool(asks))
        self._list.clear()
        with self._list:
            for ask in asks:
                with Tag("li", data_testid=f"ask-{ask.key}-{ask.day.isoformat()}"):
                    Tag("p", guide_words.question(ask), "ask-question")
                    if ask.key == "rested":
                        Tag("a", labels.answer_on_runs(), "more-link", href=f"/athlete/{self._athlete}/runs")
                    elif self._speaker is not None:
                        AskRow(self._speaker, ask, side, self._now_utc)


class AskRow:
    """The row of numbers of one question, and what saves the one that was tapped."""

    def __init__(self, speaker: Speaker, ask: Ask, side: PainSide, now_utc: Callable[[], datetime]) -> None:
        self._speaker, self._ask, self._side, self._now_utc = speaker, ask, side, now_utc
        self._level: int | None = None
        self._is_sending = False
        self._numbers: dict[int, Tag] = {}
        with Tag("div", classes="levels", role="group", aria_label=guide_words.question(ask)):
            for level in range(11):
                self._numbers[level] = button = Tag(
                    "button", str(level), "button level", type="button", data_testid=f"level-{level}",
                    aria_label=labels.level_of(str(level)), aria_pressed="false",
                )  # fmt: skip
                button.on("click", lambda _, level=level: self._choose(level))
        self._save = Tag("div", classes="row", data_testid="save-level")
        self._sides: dict[PainSide, Tag] = {}

    def _choose(self, level: int) -> None:
        self._level = level
        for number, button in self._numbers.items():
            button.put(aria_pressed="true" if number == level else "false")
        self._offer()

    def _offer(self) -> None:
        self._save.clear()
        if self._level is None:
            return
        with self._save:
            for level in [float(self._level), self._level + 0.5][: 1 if self._level == 10 else 2]:
                text = labels.save_level(level_text(level), labels.side_word(self._side))
                button = Tag("button", text, "button main", type="button", data_testid=f"save-{level_text(level)}")
                button.on("click", lambda _, level=level: self._send(level))
            with Tag("div", classes="toggle sides", role="group", aria_label=labels.which_side()):
                for side in labels.SIDES:
                    pressed = "true" if side == self._side else "false"
                    button = Tag("button", labels.side_word(side), type="button", aria_pressed=pressed,
                                 data_testid=f"side-{side}")  # fmt: skip
                    button.on("click", lambda _, side=side: self._turn(side))

    def _turn(self, side: PainSide) -> None:
        self._side = side
        self._offer()

    async def _send(self, level: float) -> None:
        """Say it once: a second tap would be of another moment, and so another line."""
        if self._is_sending:
            return
        self._is_sending = True
        try:
            await self._speaker.say(answer(self._ask, level, self._side, self._now_utc(), self._speaker.athlete.zone))
        finally:
            self._is_sending = False
