"""Small cards beside an athlete's charts, each with a link to its own page: plan, shoes, sensors."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sensor_hub import words
from sensor_hub.adapters.web import athlete_labels as labels
from sensor_hub.adapters.web import guide_words
from sensor_hub.adapters.web.elements import Tag, unbroken
from sensor_hub.adapters.web.shoes_page import run_in
from sensor_hub.model.athlete import Shoe
from sensor_hub.model.guidance import PlanView
from sensor_hub.model.history import HistoryView
from sensor_hub.model.sensor_view import SensorView
from sensor_hub.words.plans import plan_name, stage_name


class _Card:
    """A card that is made anew when what it shows changed."""

    def __init__(self, testid: str, title: str, href: str, link: str) -> None:
        self._shown: object = None
        with Tag("section", classes="card summary-card", aria_labelledby=f"{testid}-title", data_testid=testid):
            Tag("h2", title, id=f"{testid}-title")
            self._box = Tag("div", classes="summary-body")
            if href:
                Tag("a", link, "more-link", href=href)

    def is_new(self, shown: object) -> bool:
        """Whether this is not what is shown; then nothing is."""
        if shown == self._shown:
            return False
        self._shown = shown
        self._box.clear()
        return True


class PlanSummary(_Card):
    """The stage of each plan, its conditions and how much of the exercise was done."""

    def __init__(self, athlete: str) -> None:
        super().__init__("plan-summary", labels.plan_title(), f"/athlete/{athlete}/plan", labels.to_plan())

    def show(self, plans: Sequence[PlanView]) -> None:
        """Show plans."""
        if not self.is_new(tuple(plans)):
            return
        with self._box:
            if not plans:
                Tag("p", labels.no_plan(), "muted")
            for plan in plans:
                self._plan(plan)

    @staticmethod
    def _plan(plan: PlanView) -> None:
        with Tag("div", classes="summary-part", data_testid=f"plan-of-{plan.plan}"):
            Tag("h3", plan_name(plan.plan))
            Tag("p", labels.stage(plan.stage, plan.n_stages, plan.since), "kept-numbers")
            Tag("p", stage_name(plan.plan, plan.stage), "muted")
            if plan.locked:
                Tag("p", guide_words.lock(plan), "lock-line")
            if plan.gates:
                n_met = sum(gate.state == "met" for gate in plan.gates)
                with Tag("details"):
                    Tag("summary", f"{labels.next_gates()}: {labels.gates_met(n_met, len(plan.gates))}")
                    with Tag("ul", classes="gates"):
                        for gate in plan.gates:
                            with Tag("li", classes=f"gate gate-{gate.state}", data_testid=f"gate-{gate.key}"):
                                Tag("span", classes="shape", aria_hidden="true")
                                Tag("span", unbroken(guide_words.gate(gate)))
            adherence_bar(plan.adherence)


def adherence_bar(adherence: float | None) -> None:
    """How much of the exercise that was due was done, as a number and a small bar; unknown where nothing was due."""
    if adherence is None:
        Tag("p", labels.no_adherence(), "muted", data_testid="adherence")
        return
    text = unbroken(labels.adherence(words.share(adherence)))
    Tag("p", text, data_testid="adherence")
    Tag("div", classes="small-bar", aria_hidden="true", style=f"--part: {min(max(adherence, 0.0), 1.0):.3f}")


class ShoesSummary(_Card):
    """The pair that is worn and how far it went."""

    def __init__(self, athlete: str) -> None:
        super().__init__("shoes-summary", labels.shoes_title(), f"/athlete/{athlete}/shoes", labels.to_shoes())

    def show(self, shoes: Sequence[Shoe], history: HistoryView) -> None:
        """Show the pair of today, else that of the newest run, else the one that is worn until another is said."""
        pair = worn_last(shoes, history)
        use = None if pair is None else next((use for use in history.shoes if use.shoe == pair.id), None)
        if not self.is_new((pair, use)):
            return
        with self._box:
            if pair is None:
                Tag("p", labels.no_shoes(), "muted")
            else:
                Tag("p", unbroken(labels.shoe_line(pair.name, run_in(pair, use))), data_testid="pair")


def worn_last(shoes: Sequence[Shoe], history: HistoryView) -> Shoe | None:
    """Return the pair of today, else that of the newest run, else the one that is worn until another is said."""
    told = next((kept.told.shoe for kept in history.sessions if kept.told.shoe), None)
    wanted = history.shoe_today or told or history.shoe_default
    return next((shoe for shoe in shoes if shoe.id == wanted), None)


class SensorsSummary(_Card):
    """The sensors somebody wears: place, battery, last word, last check. now_utc : to say how long ago."""

    def __init__(self, athlete: str, zone: str, *, link: bool) -> None:
        href = f"/athlete/{athlete}/sensors" if link else ""
        super().__init__("sensors-summary", labels.sensors_title(), href, labels.to_sensors())
        self._zone = ZoneInfo(zone)

    def show(self, sensors: Sequence[SensorView], now_utc: datetime) -> None:
        """Show sensors; how long ago one was heard is told by the minute."""
        told = [(sensor, sensor_lines(sensor, now_utc, self._zone)) for sensor in sensors]
        if not self.is_new(tuple((sensor.device, *lines) for sensor, lines in told)):
            return
        with self._box:
            if not told:
                Tag("p", labels.no_sensors(), "muted")
            for sensor, lines in told:
                with Tag("div", classes="summary-part", data_testid=f"sensor-{sensor.device}"):
                    Tag("h3", lines[0])
                    for line in lines[1:]:
                        Tag("p", unbroken(line), "muted")


def sensor_lines(sensor: SensorView, now_utc: datetime, zone: ZoneInfo) -> tuple[str, ...]:
    """Name and place; battery and when it was heard; what the last check found."""
    name, place = sensor.name or labels.unnamed_sensor(), labels.sensor_place(sensor)
    heard = labels.never_heard()
    if sensor.heard_utc is not None:
        age_s = max((now_utc - sensor.heard_utc).total_seconds(), 0.0)
        heard = labels.heard(words.age(age_s - age_s % 60 if age_s >= 60 else 0.0))
    check = labels.no_check()
    if sensor.check is not None:
        check = labels.last_check(sensor.check, sensor.check.checked_utc.astimezone(zone))
    return (f"{name}, {place}" if place else name), f"{labels.battery(sensor.battery_percent)} · {heard}", check


__all__ = ["PlanSummary", "SensorsSummary", "ShoesSummary", "sensor_lines", "worn_last"]
