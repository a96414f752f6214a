"""First start: three steps, each an address of its own, so that back, reload and a kept link do what they should."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self

from sensor_hub.adapters.web import start_labels as labels
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.frame import Frame
from sensor_hub.adapters.web.simulated_card import SimulatedCard
from sensor_hub.adapters.web.start_first_run import FirstRunStep
from sensor_hub.adapters.web.start_ways import WaysStep
from sensor_hub.adapters.web.start_who import WhoStep
from sensor_hub.adapters.web.writing import WriteSide
from sensor_hub.model.access import Action
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.ports import HubView, Newcomers

START_PATH: Final = "/start"
FEW: Final = 3  # people: with more of them a hub has been begun with
WHO, WAYS, FIRST_RUN = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Stand:
    """Where somebody stands: a step, and whom it is about; None before anybody is there."""

    step: int
    athlete: Athlete | None

    @classmethod
    def of(cls, view: HubView, people: list[Athlete], step: str, athlete: str) -> Self:
        """Return what an address asks for, as far as the hub knows whom it names; without one, what comes next."""
        found = view.athlete(athlete) if athlete else None
        who = None if found is None else found.tile.athlete
        if not athlete and not step and len(people) == 1:
            (who,) = people
            return cls(FIRST_RUN if view.sessions(who.id) else WAYS, who)
        if who is None:
            return cls(WHO, None)
        return cls({"1": WHO, "3": FIRST_RUN}.get(step, WAYS), who)


class StartPage:
    """One step, the way to the others, and simulated runners for whoever looks around.

    may : whether whoever looks may do something about an athlete.
    """

    def __init__(
        self,
        view: HubView,
        writing: WriteSide,
        newcomers: Newcomers,
        asked: tuple[str, str],
        may: Callable[[Action, str], bool],
    ) -> None:
        people = [tile.athlete for tile in view.tiles() if not tile.athlete.simulated]
        stand = Stand.of(view, people, *asked)
        self._frame = Frame(labels.title(), back=True)
        with self._frame.body:
            self._frame.body.classes("start")
            Tag("p", labels.intro(), "start-intro")
            _steps(stand)
            who = stand.athlete
            if who is None or stand.step == WHO:
                WhoStep(newcomers, people)
            elif stand.step == WAYS:
                WaysStep(writing, who, pair=may("pair-sensor", who.id), files=may("import", who.id))
            else:
                FirstRunStep(self._frame, view, writing, who, files=may("import", who.id))
            _ways_on(stand)
            SimulatedCard(newcomers)


def wants_a_start(view: HubView) -> bool:
    """Whether a link to it is worth its place beside others: nobody real has run yet, or simulated runners can go."""
    people = [tile.athlete for tile in view.tiles()]
    real = [athlete.id for athlete in people if not athlete.simulated]
    if len(real) < len(people):
        return True
    return 0 < len(real) <= FEW and not any(view.sessions(athlete) for athlete in real)


def address(step: int, athlete: Athlete | None) -> str:
    """Where a step is."""
    return START_PATH + (f"?step={step}" if athlete is None else f"?step={step}&athlete={athlete.id}")


def _steps(stand: Stand) -> None:
    with Tag("nav", aria_label=labels.steps_label(), data_testid="steps"), Tag("ol", classes="steps"):
        for step, name in enumerate(labels.step_names(), start=1):
            with Tag("li", classes="step"):
                Tag("span", str(step), "step-number", aria_hidden="true")
                if step == stand.step:
                    Tag("span", name, aria_current="step")
                elif stand.athlete is None:
                    Tag("span", name, "muted")
                else:
                    Tag("a", name, href=address(step, stand.athlete))


def _ways_on(stand: Stand) -> None:
    """Back and on; the first step goes on by its form."""
    if stand.athlete is None:
        return
    with Tag("div", classes="row start-on"):
        if stand.step > WHO:
            Tag("a", labels.back(), "button", href=address(stand.step - 1, stand.athlete), data_testid="step-back")
        if stand.step < FIRST_RUN:
            Tag("a", labels.next_step(), "button main", href=address(stand.step + 1, stand.athlete),
                data_testid="step-on")  # fmt: skip
        if stand.step == WAYS:
            href = f"/athlete/{stand.athlete.id}/today"
            Tag("a", labels.skip(), "button plain", href=href, data_testid="step-skip")
