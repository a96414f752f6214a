"""What a runner's screen of today says besides the sentences about load."""

from sensor_hub.model.load import Measure
from sensor_hub.words import translate as _


def today() -> str:
    """Link to the page, and its title."""
    return _("Today")


def overview() -> str:
    """Link to the page of everything about a runner."""
    return _("Overview")


def room_title() -> str:
    """Name of the part with the rings."""
    return _("What is left today")


def ring_title(measure: Measure) -> str:
    """What a ring is about."""
    return {
        "load_eq_km": _("Push-off load"),
        "hard_load_bw_s": _("Hard push-offs"),
        "distance_m": _("Distance"),
    }[measure]


def unit_left(unit: str) -> str:
    """Beneath what is left."""
    return _("{unit} left").format(unit=unit)


def unit_above(unit: str) -> str:
    """Beneath how far it is above the limit."""
    return _("{unit} above").format(unit=unit)


def too_close() -> str:
    """In place of a unit where a load may as well be above its limit as below."""
    return _("too close to call")


def not_known() -> str:
    """Beneath a dash."""
    return _("not known")


def so_far(amount: str) -> str:
    """What was run so far, where there is no limit."""
    return _("{amount} so far").format(amount=amount)


def so_far_of(amount: str, limit: str) -> str:
    """What was run so far, of a limit."""
    return _("{amount} of {limit}").format(amount=amount, limit=limit)


def learning() -> str:
    """A remark on a limit with little history."""
    return _("still learning")


def learning_days(days: int, of: int) -> str:
    """The same, where it is known how long."""
    return _("learning, {days} of {of} days").format(days=days, of=of)


def without_hills() -> str:
    """A remark on a run of which nothing tells the slopes."""
    return _("hills not counted live")


def modelled() -> str:
    """What stands once beneath the rings."""
    return _("Loads are modelled from timing, and compared with your own runs of the last 30 days.")


def modelled_theirs() -> str:
    """The same for who looks at somebody else's screen."""
    return _("Loads are modelled from timing, and compared with their own runs of the last 30 days.")


def limit_key() -> str:
    """What the marks of a ring mean."""
    return _("Thick mark: your limit. Thin mark: 90 % of it. Lighter end: where it lies at 80 %.")


def running() -> str:
    """Word beside the shape while a run goes on."""
    return _("Running")


def live_title() -> str:
    """Name of the part with live numbers."""
    return _("This run")


def more_left() -> str:
    """The left foot is longer on the ground."""
    return _("longer on the left")


def more_right() -> str:
    """The right foot is longer on the ground."""
    return _("longer on the right")


def even() -> str:
    """Both are as long on the ground."""
    return _("even")


def no_balance() -> str:
    """Why there is no balance."""
    return _("needs a sensor on each foot")


def recorded(share: str, *, at_least: bool) -> str:
    """How much of a run was recorded, and whether its load is a lower bound by that."""
    text = _("Recorded: {share} of the run.")
    if at_least:
        text = _("Recorded: {share} of the run, so the load is at least this.")
    return text.format(share=share)


def old_numbers(age: str) -> str:
    """The live numbers are old."""
    return _("Nothing heard since {age}: the numbers are old.").format(age=age)


def lost() -> str:
    """The browser does not hear the hub; a time of day follows."""
    return _("No connection to the hub since")


def lost_old() -> str:
    """Second part of it."""
    return _("These numbers are old.")


def last_run(day: str, amount: str) -> str:
    """The newest run that has ended."""
    return _("Last run, {day}: {amount}").format(day=day, amount=amount)


def todays_run(amount: str) -> str:
    """The newest run, of today."""
    return _("Run of today: {amount}").format(amount=amount)


def no_run_yet() -> str:
    """Nobody ran yet."""
    return _("No run yet: start running, or add a run.")


def add_run() -> str:
    """Button that opens the sheet."""
    return _("Add a run")


def by_hand() -> str:
    """The second way in the sheet."""
    return _("Or say it by hand")


def close() -> str:
    """Button that closes the sheet."""
    return _("Close")


def sensors() -> str:
    """Link to the page of sensors."""
    return _("Pair a sensor")


def low_battery(name: str, percent: int) -> str:
    """A sensor that wants charging."""
    return _("{name}: battery {percent} %, charge it").format(name=name, percent=percent)


def check_said(name: str, *, unfit: bool) -> str:
    """The last check of a sensor found something."""
    text = _("{name}: not fit at its last check") if unfit else _("{name}: its last check found something to look at")
    return text.format(name=name)


def a_sensor() -> str:
    """A sensor without a name here."""
    return _("A sensor")


def state_label() -> str:
    """Name of the line with the state, for who does not see the guidelines."""
    return _("How it stands")


def how_to_read() -> str:
    """Opens what the marks of the rings mean."""
    return _("How to read this")


def gone() -> str:
    """The registry no longer knows this athlete."""
    return _("this runner is no longer in the registry")
