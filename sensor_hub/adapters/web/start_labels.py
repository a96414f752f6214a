"""What the first start says: who, how runs get here, the first run, and simulated runners to look at."""

from sensor_hub.words import translate as _


def title() -> str:
    """Title of the page."""
    return _("Set this hub up")


def intro() -> str:
    """What this is for, in a sentence."""
    return _("Three steps: who runs, how runs get here, and the first run. Leave at any time; what is done stays done.")


def steps_label() -> str:
    """Name of the list of steps."""
    return _("Steps")


def step_names() -> tuple[str, str, str]:
    """What the three steps are called."""
    return _("Who runs"), _("How runs get here"), _("The first run")


# --- who -------------------------------------------------------------------------------------------------------------


def who_title() -> str:
    """Title of the first step."""
    return _("Who runs?")


def name() -> str:
    """The field of the name."""
    return _("Name")


def name_hint() -> str:
    """What the name is for."""
    return _("What you are called on these pages. It stays on this hub: messages carry a random pseudonym.")


def zone() -> str:
    """The field of the time zone."""
    return _("Time zone")


def zone_hint() -> str:
    """What the zone is for."""
    return _("It decides when your day begins. Guessed from this browser; type a part of a city to choose another.")


def mass() -> str:
    """The field of the mass."""
    return _("Body mass in kg (optional)")


def mass_hint() -> str:
    """Why nobody has to say it."""
    return _("Loads are told in body weights, so runs need none. Exercises with a weight, and force plates, do.")


def consent() -> str:
    """Who sees what, as the program has it."""
    return _(
        "Until somebody has an account, only who sits at this machine sees these data. A coach with one sees your "
        "load, and neither your pain nor your medicine until you say so in your diary; there you take it back, too."
    )


def go_on() -> str:
    """Button of the first step."""
    return _("Save and go on")


def name_missing() -> str:
    """A name was not given."""
    return _("Say a name.")


def zone_missing() -> str:
    """A zone was not given."""
    return _("Choose a time zone, such as Europe/Berlin.")


def already_here() -> str:
    """Title of the list of who is here."""
    return _("Already here")


def to_today(name: str) -> str:
    """Link to somebody's screen."""
    return _("{name}: today").format(name=name)


# --- how runs get here -----------------------------------------------------------------------------------------------


def ways_title(name: str) -> str:
    """Title of the second step."""
    return _("How do the runs of {name} get here?").format(name=name)


def ways_note() -> str:
    """Several ways are fine."""
    return _("Choose what fits; several are fine, and each can be added later.")


def beside_title() -> str:
    """A sensor at the hub's own machine."""
    return _("A sensor, beside this hub")


def beside_text() -> str:
    """Where that is."""
    return _("Treadmill or gym: this machine hears the sensor over Bluetooth while you run near it.")


def beside_pair() -> str:
    """Link to the page of sensors."""
    return _("Pair a sensor")


def beside_commands() -> tuple[str, ...]:
    """How it is done on the command line."""
    return "sensor-hub devices pair", "sensor-hub devices check", "sensor-hub run"


def beside_note() -> str:
    """What then happens."""
    return _("With sensor-hub run a session begins by itself after ten steps.")


def edge_title() -> str:
    """A machine that is carried or stands at the track."""
    return _("A sensor, away from this hub")


def edge_text() -> str:
    """What that is."""
    return _(
        "A Raspberry Pi Zero 2 or a laptop, carried in a belt or put at the track, collects the run as an edge. It "
        "needs no network meanwhile: it keeps everything in its outbox until this hub has it."
    )


def edge_on_edge() -> str:
    """What is done there first."""
    return _("On the edge: its id.")


def edge_on_hub() -> str:
    """What is done here."""
    return _("On this hub: let it speak for you. The password is shown once.")


def edge_then() -> str:
    """What is done there then; a URL follows."""
    return _("On the edge: the broker's address with that password, in a file; then pair and collect.")


def edge_more() -> str:
    """Where more stands."""
    return _("More in the program's documents: docs/deploy.md (an edge on a Raspberry Pi), docs/mqtt-security.md.")


def file_title() -> str:
    """A watch's file."""
    return _("A file of your watch, afterwards")


def file_text() -> str:
    """What files there are."""
    return _("FIT, TCX or GPX, one by one or a whole account's export as a zip. Drop it here now, if you have one.")


def none_title() -> str:
    """Nothing yet."""
    return _("None yet")


def none_text() -> str:
    """What can be done without."""
    return _("A run can be told by hand, with distance and time; a sensor can come later. Or look around first.")


def next_step() -> str:
    """Link to the next step."""
    return _("Go on")


def skip() -> str:
    """Link past a step."""
    return _("Skip")


def back() -> str:
    """Link to the step before."""
    return _("Back")


# --- the first run ---------------------------------------------------------------------------------------------------


def first_title(name: str) -> str:
    """Title of the third step."""
    return _("The first run of {name}").format(name=name)


def waiting() -> str:
    """Nothing came yet."""
    return _("No run yet: start running, or drop a file.")


def running_now() -> str:
    """A run goes on."""
    return _("A run is coming in.")


def run_here(amount: str) -> str:
    """A run is stored."""
    return _("The first run is here: {amount}.").format(amount=amount)


def what_it_shows() -> tuple[str, ...]:
    """What will be seen, and how long it learns."""
    return (
        _("While you run: cadence, contact time, balance, and what is left of today."),
        _("After it: push-off load (modelled), held against your own runs of the last 30 days, never against others."),
        _("It learns for 14 days: until then limits are marked as learning, and week rules stay silent."),
        _("Next morning it asks how the tendon is. Two taps, and advice follows what you say."),
    )


def to_todays() -> str:
    """Link to the screen of today."""
    return _("Go to Today")


# --- simulated -------------------------------------------------------------------------------------------------------


def squad_title() -> str:
    """Title of the card."""
    return _("Look around with simulated runners")


def squad_text() -> str:
    """What they are."""
    return _(
        "Six invented runners with twelve weeks behind them; three of them run now. Everything of them is marked as "
        "simulated, and no real runner is touched."
    )


def squad_here(n: int, n_running: int) -> str:
    """How it stands with them."""
    text = _("{n} simulated runners are here, {running} of them running.")
    return text.format(n=n, running=n_running)


def squad_rests(n: int) -> str:
    """None of them runs."""
    text = _("{n} simulated runners are here with their history. None of them runs: their runs end with the hub.")
    return text.format(n=n)


def invite() -> str:
    """Button that has them come."""
    return _("Fill this hub with simulated runners")


def run_again() -> str:
    """Button that lets them run once more."""
    return _("Let three of them run")


def dismiss() -> str:
    """Button that lets them go."""
    return _("Let them all go")


def dismiss_text() -> str:
    """What that does."""
    return _("They are erased completely, with every run. It takes some seconds for each.")


def see_them() -> str:
    """Link to the grid."""
    return _("See all runners")


def coming(done: int, total: int) -> str:
    """Progress."""
    return _("They are coming: {done} of {total}.").format(done=done, total=total)


def going(done: int, total: int) -> str:
    """Progress."""
    return _("They are being erased: {done} of {total}.").format(done=done, total=total)


def squad_failed(problem: str) -> str:
    """The last time did not come to its end."""
    return _("That did not come to its end: {problem}").format(problem=problem)
