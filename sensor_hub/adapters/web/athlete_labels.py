"""Titles and lines of the cards of an athlete's page; sentences about load are in ``sensor_hub.words``."""

from datetime import date, datetime

from sensor_hub.adapters.web.mark_labels import moment
from sensor_hub.model.sensor_view import SensorCheck, SensorView
from sensor_hub.words import day_name
from sensor_hub.words import translate as _


def latest_run() -> str:
    """Title of the newest run's card."""
    return _("The latest run")


def over_time() -> str:
    """Opens the newest run over its time."""
    return _("Over its time: load, cadence, contact time")


def numbers_of_run() -> str:
    """Opens the newest run, piece by piece."""
    return _("Its load, piece by piece")


def beside() -> str:
    """Name of the column of cards beside the charts."""
    return _("Plan, shoes, sensors, sums")


def fold_sums() -> str:
    """Opens today's and this week's sums."""
    return _("Load today and this week")


def fold_notices() -> str:
    """Opens what the guidelines say beside the verdict."""
    return _("Everything the guidelines say")


def plan_title() -> str:
    """Title of the plan's card."""
    return _("Plan")


def no_plan() -> str:
    """No plan was begun."""
    return _("No plan is going on.")


def to_plan() -> str:
    """Link to the plan."""
    return _("Open the plan")


def stage(stage: int, n_stages: int, since: date) -> str:
    """Where somebody stands in a plan."""
    return _("Stage {stage} of {n}, since {since}").format(stage=stage, n=n_stages, since=day_name(since))


def next_gates() -> str:
    """Stands before the conditions of the next stage."""
    return _("For the next stage")


def gates_met(n_met: int, n: int) -> str:
    """How many conditions are met."""
    return _("{n_met} of {n} conditions met").format(n_met=n_met, n=n)


def adherence(share: str) -> str:
    """How much of the exercise that was due was done."""
    return _("Exercise of the last 14 days: {share} of what was due").format(share=share)


def no_adherence() -> str:
    """Nothing was due."""
    return _("Exercise of the last 14 days: nothing was due")


def shoes_title() -> str:
    """Title of the shoes' card."""
    return _("Shoes")


def no_shoes() -> str:
    """No pair is worn."""
    return _("No pair is said to be worn.")


def shoe_line(name: str, distance: str) -> str:
    """The pair that is worn and how far it went."""
    return _("{name}: {distance}").format(name=name, distance=distance)


def to_shoes() -> str:
    """Link to all pairs."""
    return _("All pairs")


def sensors_title() -> str:
    """Title of the sensors' card."""
    return _("Sensors")


def no_sensors() -> str:
    """No sensor is worn."""
    return _("No sensor is theirs now.")


def to_sensors() -> str:
    """Link to the sensors' page."""
    return _("All about the sensors")


def unnamed_sensor() -> str:
    """A sensor whose name only its edge knows."""
    return _("Sensor")


def sensor_place(sensor: SensorView) -> str:
    """Where a sensor is worn."""
    side = {"L": _("left"), "R": _("right"), "U": ""}[sensor.side]
    mounts = {"foot": _("foot"), "shank": _("shank"), "sacrum": _("sacrum")}
    mount = "" if sensor.mount is None else mounts.get(sensor.mount, sensor.mount)
    return " ".join(part for part in (side, mount) if part)


def battery(percent: int | None) -> str:
    """How full a battery is."""
    return _("battery not known") if percent is None else _("battery {n} %").format(n=percent)


def heard(when: str) -> str:
    """How long ago a sensor was heard."""
    return _("heard {when}").format(when=when)


def never_heard() -> str:
    """A sensor that was never heard of here."""
    return _("not heard yet")


def last_check(check: SensorCheck, when: datetime) -> str:
    """What the last check found. when : in the athlete's zone."""
    verdict = {"fit": _("fit"), "look": _("have a look"), "no": _("not fit")}[check.verdict]
    return _("last check {when}: {verdict}").format(when=moment(when), verdict=verdict)


def no_check() -> str:
    """A sensor that was never checked."""
    return _("never checked")
