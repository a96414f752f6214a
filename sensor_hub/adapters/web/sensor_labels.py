"""Titles, labels and sentences of the page of sensors."""

from collections.abc import Sequence

from sensor_hub.model.gait import Mount, Side
from sensor_hub.model.sensor_view import EdgeView, SensorCheck, SensorView
from sensor_hub.words import age
from sensor_hub.words import translate as _
from sensor_hub.words import translate_n as _n
from sensor_hub.words.pods import finding_text


def sensors() -> str:
    """Link and title."""
    return _("Sensors")


def box_title() -> str:
    """Title of the page of everybody's sensors."""
    return _("Sensors of the box")


def box_note() -> str:
    """What that page is for."""
    return _("Sensors that belong to nobody for good. Whose each of them is for an evening, tonight's roster says.")


def to_the_box() -> str:
    """Link from the roster."""
    return _("Pair or check sensors of the box")


def none_yet(name: str | None) -> str:
    """What an empty list says."""
    if name is None:
        return _("No sensor is in the box. Pair one below.")
    return _("{name} wears no sensor yet. Pair one below; it takes about a minute.").format(name=name)


def unnamed(device: str) -> str:
    """What a sensor is called whose name only its edge knows."""
    return _("Sensor {id}").format(id=device)


def state_word(sensor: SensorView) -> str:
    """How its link is, in a few words."""
    if sensor.gw is None:
        return _("Never heard of by this hub")
    if sensor.state is None:
        return _("Unknown: its edge is not connected")
    return {
        "init": _("Connecting"),
        "ready": _("Connected, not sending yet"),
        "streaming": _("Sending"),
        "sleeping": _("Asleep or away: move it to wake it"),
        "lost": _("Lost: it was linked and is not now"),
        "alert": _("Needs attention: its battery is nearly empty, or it refuses to start"),
    }[sensor.state]


def state_shape(sensor: SensorView) -> str:
    """Return the class of the tile that has the state's shape and colour."""
    shapes = {
        "streaming": "ok", "ready": "ok", "init": "near", "sleeping": "idle", "lost": "near", "alert": "alert",
    }  # fmt: skip
    return shapes.get(sensor.state or "", "unknown")


def battery(percent: int | None) -> str:
    """Charge with a word."""
    if percent is None:
        return _("Battery: unknown")
    if percent <= 10:
        return _("Battery {n} %: nearly empty, charge it first").format(n=percent)
    if percent <= 25:
        return _("Battery {n} %: low, charge it soon").format(n=percent)
    return _("Battery {n} %").format(n=percent)


def heard(age: str | None) -> str:
    """When its edge said something of it last; age : a few words."""
    return _("Nothing was said of it yet") if age is None else _("Last news of it: {age}").format(age=age)


def age_text(seconds: float) -> str:
    """How long ago, in a few words."""
    if seconds < 60:
        return _("less than a minute ago")
    if seconds < 3600:
        return _("{n} min ago").format(n=int(seconds // 60))
    return age(seconds)


def losses(sensor: SensorView) -> str:
    """What was lost on its way since its edge began; "" where nothing was."""
    told = []
    if sensor.n_reconnects:
        told.append(
            _n("Linked again once", "Linked again {n} times", sensor.n_reconnects).format(n=sensor.n_reconnects)
        )
    if sensor.n_dropped:
        told.append(_n("{n} notification lost", "{n} notifications lost", sensor.n_dropped).format(n=sensor.n_dropped))
    return " · ".join(told)


def worn_elsewhere(name: str) -> str:
    """Say that it is on somebody else tonight."""
    return _("Tonight it is on {name}.").format(name=name)


def of_the_box() -> str:
    """Say that it is lent for an evening."""
    return _("Of the box, by tonight's roster.")


def side_word(side: Side) -> str:
    """Where it is worn; "" where that is not told."""
    return {"L": _("left"), "R": _("right")}.get(side, "")


def mount_word(mount: Mount | None) -> str:
    """Where it sits; "" where its profile does not say either."""
    return {"foot": _("foot"), "shank": _("shank"), "sacrum": _("lower back")}.get(mount or "", "")


def place(sensor: SensorView) -> str:
    """Where it is worn, in two words."""
    told = " ".join(word for word in (side_word(sensor.side), mount_word(sensor.mount)) if word)
    return told or _("no side told")


# --- checks ----------------------------------------------------------------------------------------------------------


def verdict_word(check: SensorCheck) -> str:
    """What the check came to."""
    return {
        "fit": _("Fit for a run"),
        "look": _("Have a look before the run"),
        "no": _("Not fit for a run as it is"),
    }[check.verdict]


def verdict_shape(check: SensorCheck) -> str:
    """Return the class of the verdict's shape and colour."""
    return {"fit": "state-ok", "look": "state-near", "no": "state-alert"}[check.verdict]


def check_findings(check: SensorCheck) -> list[str]:
    """What was found, a sentence each, with what mends it."""
    return [finding_text(code, value, check.problem) for code, value in check.found]


def checked(age: str) -> str:
    """When."""
    return _("Checked {age}").format(age=age)


def never_checked() -> str:
    """Where it was not."""
    return _("Not checked yet")


def check() -> str:
    """Button."""
    return _("Check")


def check_now() -> str:
    """Button after pairing."""
    return _("Wake it: check now")


def checking() -> str:
    """While a check runs."""
    return _("Checking… Move it, then stand still, then take a few steps. This takes up to a minute.")


def after_pairing(name: str) -> str:
    """What is said when a sensor was paired."""
    return _("{name} is paired. Shake it or walk a few steps, then check that it sends what it should.").format(
        name=name
    )


# --- letting go ------------------------------------------------------------------------------------------------------


def unpair() -> str:
    """Button."""
    return _("Unpair")


def unpair_really(name: str) -> str:
    """What is asked before."""
    return _("Unpair {name}? It is forgotten on its edge, with its key. What it recorded stays.").format(name=name)


def yes_unpair() -> str:
    """Button."""
    return _("Yes, unpair")


def keep_it() -> str:
    """Button."""
    return _("Keep it")


def unpairing() -> str:
    """While it happens."""
    return _("Unpairing…")


def unpaired(name: str) -> str:
    """When it has happened."""
    return _("{name} is unpaired.").format(name=name)


# --- pairing ---------------------------------------------------------------------------------------------------------


def pair_title() -> str:
    """Title of that part."""
    return _("Pair a sensor")


def pair_how() -> str:
    """What to do first."""
    return _("Switch the sensor on, move it, and end its link to a phone or a watch. Then let an edge listen.")


def edge() -> str:
    """Field."""
    return _("Which edge listens")


def edge_name(view: EdgeView) -> str:
    """What an edge is called."""
    return view.label or _("edge {gw}").format(gw=view.gw)


def no_edge(n_others: int) -> str:
    """Say that nobody listens, and how somebody would."""
    if n_others:
        return _(
            "No edge is ready to pair: those that are known are not connected, play a recording, or take no requests."
            " On the machine with Bluetooth: sensor-hub edge, or sensor-hub run on the hub's own."
        )
    return _(
        "No edge is connected. Start one on a machine with Bluetooth near the runners: sensor-hub edge, or sensor-hub"
        " run on the hub's own."
    )


def listen() -> str:
    """Button."""
    return _("Listen")


def listen_again() -> str:
    """Button after a scan."""
    return _("Listen again")


def listening(left_s: int) -> str:
    """While a scan runs."""
    if left_s <= 0:
        return _("Listening… nearly done")
    return _("Listening… {n} s").format(n=left_s)


def heard_title(n: int) -> str:
    """Title of the list."""
    return _n("{n} sensor heard", "{n} sensors heard, the loudest first", n).format(n=n)


def nobody_heard() -> str:
    """What to try."""
    return _(
        "Nobody was heard. Many sensors sleep until they are moved: shake it. Bring it within a metre. Switch off"
        " Bluetooth on phones and watches that know it: who is linked is not heard. Then listen again."
    )


def others_heard(n: int) -> str:
    """How many are no sensors that could be read."""
    return _n(
        "{n} other was heard that no firmware profile fits (a phone, a watch, a television).",
        "{n} others were heard that no firmware profile fits (phones, watches, televisions).",
        n,
    ).format(n=n)


def show_others() -> str:
    """Summary of the list of those."""
    return _("Show what no profile fits")


def nameless() -> str:
    """What somebody is called who says no name."""
    return _("says no name")


def loudness(rssi_dbm: int | None) -> str:
    """How near, as far as loudness tells."""
    if rssi_dbm is None:
        return _("loudness unknown")
    near = _("close") if rssi_dbm >= -60 else _("in the room") if rssi_dbm >= -80 else _("far")
    return _("{near} ({n} dBm)").format(near=near, n=rssi_dbm)


def paired_already() -> str:
    """Say that this edge knows it."""
    return _("paired here already")


def choose() -> str:
    """Button beside a sensor that was heard."""
    return _("Choose")


def choose_named(name: str) -> str:
    """The same for a screen reader."""
    return _("Choose {name}").format(name=name)


def side() -> str:
    """Field."""
    return _("Which side")


def mount() -> str:
    """Field."""
    return _("Where it sits")


def say_side() -> str:
    """What stands where a side is needed and none is chosen."""
    return _("Say on which side it is worn: it measures one leg.")


def say_mount() -> str:
    """What stands where a place is needed and none is chosen."""
    return _("Say where it sits: contacts are found differently on foot, shank and lower back.")


def please_choose() -> str:
    """First line of a choice."""
    return _("Please choose")


def side_choices(*, must: bool) -> Sequence[tuple[str, str]]:
    """Sides to choose from. must : whether one has to be told."""
    sides = [("L", _("left")), ("R", _("right"))]
    return [("", please_choose()), *sides] if must else [("U", _("one sensor for both feet")), *sides]


def mount_choices() -> Sequence[tuple[str, str]]:
    """Places to choose from."""
    mounts: tuple[Mount, ...] = ("foot", "shank", "sacrum")
    return [("", please_choose()), *((m, mount_word(m)) for m in mounts)]


def call_it() -> str:
    """Field."""
    return _("Call it (or leave it as it is)")


def pair() -> str:
    """Button."""
    return _("Pair")


def pairing() -> str:
    """While it happens."""
    return _("Pairing… keep it near and moving. This takes up to a minute.")


def cancel() -> str:
    """Button."""
    return _("Choose another")


def not_theirs(device: str) -> str:
    """Of a sensor that is somebody else's, or that nobody knows."""
    return _("no sensor {device} of theirs").format(device=device)
