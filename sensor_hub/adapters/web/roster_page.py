"""Pods of the box and who wears them tonight: given, swapped and put back by taps, and told where one does not fit."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from nicegui import run, ui

from sensor_hub import words
from sensor_hub.adapters.web import person_labels as labels
from sensor_hub.adapters.web import sensor_labels
from sensor_hub.adapters.web.editor import OutcomeBar
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.forms import Choices, Fields, Form, FormError, choice_field
from sensor_hub.adapters.web.frame import Frame
from sensor_hub.errors import SensorHubError
from sensor_hub.model.gait import Mount, Side
from sensor_hub.model.ports import HubView, Roster
from sensor_hub.model.roster import RosterPod, RosterView, Wish
from sensor_hub.words.days import moment_text
from sensor_hub.words.roster import question_text

ROSTER_POLL_S: Final = 2.0
SIDES: Final[tuple[Side, ...]] = ("L", "R", "U")
MOUNTS: Final[tuple[Mount, ...]] = ("foot", "shank", "sacrum")
EVENING: Final = timedelta(hours=6)  # ours: of an older run nobody at the track wants to know
DOUBTS: Final = ("fits-better", "pattern-differs")


class RosterPage:
    """A card a pod, made anew only when it is another; what is asked and said stands at the foot, in sight of any card.

    refusal : why this browser may not change anything, None if it may.
    """

    def __init__(self, view: HubView, roster: Roster, refusal: str | None, *, has_sensors: bool = False) -> None:
        self._view, self._roster, self._may = view, roster, refusal is None
        self._shown: object = None
        self._cards: dict[str, tuple[Tag, object]] = {}
        self._frame = Frame(labels.roster_title(), back=True)
        with self._frame.body:
            Tag("p", labels.roster_note(), "muted")
            if has_sensors:
                Tag("a", sensor_labels.to_the_box(), "button", href="/sensors", data_testid="to-sensors")
            if refusal is not None:
                Tag("p", refusal, "refusal muted", data_testid="refusal")
            with Tag("div", classes="row"):
                self._until = Tag("p", classes="interval", data_testid="until")
                self._clear = Tag("button", labels.clear_all(), "button", type="button", data_testid="clear-all")
            self._clear.on("click", lambda: self._change(lambda: self._roster.clear()))
            self._doubts = Tag("ul", classes="noticed", data_testid="doubts")
            self._none = Tag("p", labels.no_pods(), "muted")
            self._list = Tag("div", classes="grid pods", data_testid="pods")
            self._asked = Tag("section", classes="outcome", role="alert", data_testid="question")
            self._said = OutcomeBar()
        self._asked.set_visibility(False)
        self._show(roster.tonight())
        ui.timer(ROSTER_POLL_S, self._refresh)

    def _refresh(self) -> None:
        try:
            self._show(self._roster.tonight())
        except SensorHubError as problem:
            self._frame.trouble(str(problem))
            return
        self._frame.trouble(None)

    def _show(self, roster: RosterView) -> None:
        people = sorted(
            ((t.athlete.id, t.athlete.display_name) for t in self._view.tiles()), key=lambda pair: pair[1].casefold()
        )
        doubts = self._noticed(roster)
        key = (roster.pods, roster.until_utc, people, doubts)
        if key == self._shown:
            return
        self._shown = key
        until = None if roster.until_utc is None else moment_text(roster.until_utc, roster.zone)
        self._until.set_text(labels.roster_empty() if until is None else labels.roster_until(until))
        self._clear.set_visibility(self._may and until is not None)
        self._doubts.set_visibility(bool(doubts))
        self._doubts.clear()
        with self._doubts:
            for doubt in doubts:
                Tag("li", doubt)
        self._none.set_visibility(not roster.pods)
        if list(self._cards) != [pod.device.id for pod in roster.pods]:
            self._list.clear()
            self._cards = {}
        for pod in roster.pods:
            self._put(pod, roster, people)

    def _put(self, pod: RosterPod, roster: RosterView, people: Choices) -> None:
        """Show a pod; a card in which somebody may be choosing is left alone while it is the same."""
        others = [(p.device.id, f"{p.device.name}: {whose(p)}") for p in roster.pods if p.device.id != pod.device.id]
        swaps = others if pod.athlete is not None else []
        key = (pod, people, swaps, roster.until_utc)
        if pod.device.id not in self._cards:
            with self._list:
                box = Tag("article", classes="card pod", data_testid=f"pod-{pod.device.id}")
        else:
            box, shown = self._cards[pod.device.id]
            if shown == key:
                return
        self._cards[pod.device.id] = box, key
        box.clear()
        with box:
            self._fill(pod, roster, people, swaps)

    def _noticed(self, roster: RosterView) -> list[str]:
        """What the newest runs of this evening say about pods that do not fit; a run says it when it ends."""
        lines = []
        names = {pod.device.id: pod.device.name for pod in roster.pods}
        tiles = self._view.tiles()
        names |= {tile.athlete.id: tile.athlete.display_name for tile in tiles}
        wearers = {pod.athlete.id for pod in roster.pods if pod.athlete is not None}
        for who in (tile.athlete for tile in tiles if tile.athlete.id in wearers and tile.age_s is not None):
            newest = next(iter(self._view.sessions(who.id)), None)
            if newest is None or newest.end_utc < roster.now_utc - EVENING:
                continue
            lines += [
                labels.does_not_fit(who.display_name, words.warning_text(code, names))
                for code in newest.warnings
                if code.startswith(DOUBTS)
            ]
        return lines

    def _fill(self, pod: RosterPod, roster: RosterView, people: Choices, swaps: Choices) -> None:
        device = pod.device
        Tag("h2", device.name)
        Tag("p", whose(pod), "kept-numbers", data_testid="whose")
        if pod.line is not None and pod.line.until_utc != roster.until_utc:
            Tag("p", labels.roster_until(moment_text(pod.line.until_utc, roster.zone)), "muted")
        if not self._may:
            return
        with Form(f"give-{device.id}", lambda fields: self._give(pod, fields), "form give") as form:
            chosen = "" if pod.athlete is None else pod.athlete.id
            choice_field(labels.runner(), "athlete", [("", labels.nobody()), *people], chosen)
            choice_field(labels.side(), "side", [(s, labels.side_name(s)) for s in SIDES], device.side)
            if device.mount is None or pod.line is not None:  # else it was said for good when it was paired
                mounts = [("", labels.mount_name("")), *((mount, labels.mount_name(mount)) for mount in MOUNTS)]
                choice_field(labels.mount(), "mount", mounts, device.mount or "")
        form.send_button(labels.give())
        if swaps:
            with Form(f"swap-{device.id}", lambda fields: self._swap(pod, fields), "form swap") as form:
                choice_field(labels.swap_with(), "other", swaps)
            form.send_button(labels.swap())
        if pod.line is not None:
            back = Tag("button", labels.back_in_box(), "button", type="button", data_testid="back")
            back.on("click", lambda: self._change(lambda: self._roster.clear(device.id)))

    async def _give(self, pod: RosterPod, fields: Fields) -> bool:
        who = fields.get("athlete", "")
        side = next((s for s in SIDES if s == fields.get("side")), None)
        mount = next((m for m in MOUNTS if m == fields.get("mount")), None)
        device = pod.device.id
        wish = Wish(device, who, side, mount)
        if not who:
            await self._change(lambda: self._roster.clear(device))
            return False
        try:
            questions = self._roster.questions([wish])
        except SensorHubError as problem:
            raise FormError(str(problem)) from None
        if questions:
            self._ask([question_text(q) for q in questions], wish)
            return False
        await self._change(lambda: self._roster.set([wish]))
        return False

    def _ask(self, questions: list[str], wish: Wish) -> None:
        self._said.hide()
        self._asked.clear()
        self._asked.set_visibility(True)

        async def agree() -> None:
            self._asked.set_visibility(False)
            await self._change(lambda: self._roster.set([wish], agreed=True))

        with self._asked:
            for question in questions:
                Tag("p", question)
            with Tag("div", classes="row"):
                yes = Tag("button", labels.take_anyway(), "button", type="button", data_testid="take-anyway")
                yes.on("click", agree)
                no = Tag("button", labels.leave_it(), "button plain", type="button", data_testid="leave-it")
                no.on("click", lambda: self._asked.set_visibility(False))

    async def _swap(self, pod: RosterPod, fields: Fields) -> bool:
        other = fields.get("other", "")
        await self._change(lambda: self._roster.swap(pod.device.id, other))
        return False

    async def _change(self, change: Callable[[], RosterView]) -> None:
        said, refused = labels.roster_changed(), False
        try:
            changed: RosterView | None = await run.io_bound(change)
            if changed is not None:
                self._show(changed)
        except SensorHubError as problem:
            said, refused = str(problem), True
        self._asked.set_visibility(False)
        self._said.show(said, can_undo=False, refused=refused)


def whose(pod: RosterPod) -> str:
    """Whose a pod is now, and on which foot."""
    if pod.set_aside and pod.owner is not None:
        return labels.set_aside(pod.owner.display_name)
    if pod.athlete is None:
        return labels.nobody()
    name = pod.athlete.display_name
    text = labels.is_of(name) if pod.line is not None else labels.is_for_good(name)
    return text if pod.device.side == "U" else f"{text} ({labels.side_name(pod.device.side)})"
