"""One sensor on its page: how it is, what its last check found, and what can be done with it."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from nicegui import run

from sensor_hub.adapters.web import sensor_labels as labels
from sensor_hub.adapters.web.elements import Tag, unbroken
from sensor_hub.adapters.web.guarded_sensors import SeenSensors
from sensor_hub.errors import SensorHubError
from sensor_hub.model.sensor_view import SensorCheck, SensorView

CHECK_S = 10.0


class SensorCard:
    """A card that is made anew only when it shows something else; while something is done it is left alone.

    name_of : display name of somebody the visitor knows. about : whose page it is, None for the box.
    """

    def __init__(
        self,
        view: SensorView,
        sensors: SeenSensors,
        about: str | None,
        name_of: Callable[[str], str | None],
        say: Callable[[str, bool], None],
        on_change: Callable[[], Awaitable[object]],
    ) -> None:
        self.view, self._sensors, self._about = view, sensors, about
        self._name_of, self._say, self._on_change = name_of, say, on_change
        self._shown: object = None
        self._is_busy = False
        self.box = Tag("article", classes="card sensor", data_testid=f"sensor-{view.device}")

    @property
    def name(self) -> str:
        """What people call it."""
        return self.view.name or labels.unnamed(self.view.device)

    def show(self, view: SensorView, now_utc: datetime) -> None:
        """Show how it is now."""
        self.view = view
        key = (view, self._ages(now_utc))
        if key == self._shown or self._is_busy or self.box.is_deleted:
            return
        self._shown = key
        self._draw()

    def _ages(self, now_utc: datetime) -> tuple[str | None, str | None]:
        view = self.view
        heard = None if view.heard_utc is None else labels.age_text((now_utc - view.heard_utc).total_seconds())
        check = view.check
        checked = None if check is None else labels.age_text((now_utc - check.checked_utc).total_seconds())
        self._heard, self._checked = heard, checked
        return heard, checked

    def _draw(self) -> None:
        view = self.view
        self.box.clear()
        self.box.put_classes(f"card sensor state-{labels.state_shape(view)}")
        with self.box:
            with Tag("div", classes="sensor-head"):
                Tag("h2", self.name)
                with Tag("p", classes="sensor-state", data_testid="state"):
                    Tag("span", classes="shape", aria_hidden="true")
                    Tag("span", labels.state_word(view), "word-long")
            with Tag("ul", classes="facts"):
                for fact in self._facts():
                    Tag("li", unbroken(fact))
            self._draw_check(view.check)
            self._draw_buttons()

    def _facts(self) -> list[str]:
        view = self.view
        facts = [f"{labels.place(view)} · {view.profile_name or view.profile}", labels.battery(view.battery_percent)]
        if view.gw is not None and view.state is not None:
            facts.append(labels.heard(self._heard))
        if told := labels.losses(view):
            facts.append(told)
        if self._about is not None and view.athlete not in {None, self._about}:
            other = self._name_of(str(view.athlete))
            facts += [] if other is None else [labels.worn_elsewhere(other)]
        if self._about is not None and view.owner is None:
            facts.append(labels.of_the_box())
        if self._about is None and view.athlete is not None and (name := self._name_of(view.athlete)) is not None:
            facts.append(labels.worn_elsewhere(name))
        return facts

    def _draw_check(self, check: SensorCheck | None) -> None:
        with Tag("div", classes="sensor-check", data_testid="check"):
            if check is None:
                Tag("p", labels.never_checked(), "muted")
                return
            with Tag("p", classes=f"verdict {labels.verdict_shape(check)}"):
                Tag("span", classes="shape", aria_hidden="true")
                Tag("strong", labels.verdict_word(check), data_testid="verdict")
                Tag("span", labels.checked(self._checked or ""), "muted")
            with Tag("ul", classes="noticed"):
                for sentence in labels.check_findings(check):
                    Tag("li", unbroken(sentence))

    def _draw_buttons(self) -> None:
        view = self.view
        if not view.can_be_asked or view.gw is None:
            return
        with Tag("div", classes="row"):
            if self._sensors.may_check(view):
                check = Tag("button", labels.check(), "button", type="button", data_testid="do-check")
                check.put(aria_label=f"{labels.check()}: {self.name}")
                check.on("click", self.check)
            if self._sensors.may_unpair(view):
                unpair = Tag("button", labels.unpair(), "button plain", type="button", data_testid="do-unpair")
                unpair.put(aria_label=f"{labels.unpair()}: {self.name}")
                unpair.on("click", self._ask)

    # --- what is done ------------------------------------------------------------------------------------------------

    async def check(self) -> None:
        """Have it looked at, and show what was found."""
        gw, device = self.view.gw, self.view.device
        if gw is not None:
            await self._work(labels.checking(), lambda: self._sensors.check(gw, device, CHECK_S), "")

    def _ask(self) -> None:
        """Ask before it is forgotten."""
        self._is_busy = True
        self.box.clear()
        with self.box:
            Tag("p", labels.unpair_really(self.name), role="alert", data_testid="really")
            with Tag("div", classes="row"):
                yes = Tag("button", labels.yes_unpair(), "button main", type="button", data_testid="yes-unpair")
                yes.on("click", self._unpair)
                no = Tag("button", labels.keep_it(), "button plain", type="button", data_testid="keep-it")
                no.on("click", self._keep)

    def _keep(self) -> None:
        self._is_busy = False
        self._draw()

    async def _unpair(self) -> None:
        gw, device = self.view.gw, self.view.device
        if gw is not None:
            done = labels.unpaired(self.name)
            await self._work(labels.unpairing(), lambda: self._sensors.unpair(gw, device), done)

    async def _work(self, meanwhile: str, work: Callable[[], object], done: str) -> None:
        """Do something that takes a while, once; what it came to is said at the foot of the page."""
        self._is_busy = True
        self.box.clear()
        with self.box:
            Tag("h2", self.name)
            Tag("p", meanwhile, "working", role="status", data_testid="working")
            Tag("progress", aria_label=meanwhile)
        try:
            await run.io_bound(work)
            told, refused = done, False
        except SensorHubError as problem:
            told, refused = str(problem), True
        self._is_busy, self._shown = False, None
        if self.box.is_deleted:
            return
        self._draw()
        if told:
            self._say(told, refused)
        await self._on_change()
