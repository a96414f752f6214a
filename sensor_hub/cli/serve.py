"""``sensor-hub demo | run | hub | edge``: the long-running commands. Ctrl-C ends each of them clean."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from sensor_hub.cli.backup import warn_of_stopped_restore
from sensor_hub.cli.show import DataDir, say, settings, warn

Mqtt = Annotated[
    str | None, typer.Option("--mqtt", help="External broker; with a password rather SENSOR_HUB_MQTT_FILE.")
]
MqttPort = Annotated[int | None, typer.Option("--mqtt-port", help="Port of the embedded broker (1883).")]
StoreOption = Annotated[
    str | None, typer.Option("--store", help="sqlite:///PATH, influx+v1://… or influx+v2://…; else SQLite.")
]
Port = Annotated[int | None, typer.Option("--port", help="Port of the page (8080).")]
Shared = Annotated[
    bool, typer.Option("--shared", help="One of several equal hubs: of one broker, one store and one registry.")
]
Host = Annotated[str | None, typer.Option("--host", help="Address the page listens on (127.0.0.1).")]
ReplayOption = Annotated[Path | None, typer.Option("--replay", help="Send this recording (MCAP) as if it came live.")]
Simulate = Annotated[bool, typer.Option("--simulate", help="Send one simulated run (labelled simulated).")]
Speed = Annotated[float, typer.Option("--speed", min=0.0, help="Times the wall clock; 0 is as fast as it goes.")]


AdapterOption = Annotated[
    str | None, typer.Option("--adapter", help="Bluetooth adapter by address or hciN; else the first one.")
]
AsLive = Annotated[bool, typer.Option("--as-live", help="Judge the recording as if it happened now.")]


def _finding(finding: Any, name: str) -> None:
    from sensor_hub.words import finding_sentence

    say(f"! {finding_sentence(finding, name)}")


SQUAD_SPEED = 30.0


def demo(
    speed: Annotated[
        float | None,
        typer.Option("--speed", min=0.1, help="How many times faster than real the runs go (30); 1 with --ble."),
    ] = None,
    port: Port = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Another simulated squad.")] = 1,
    once: Annotated[bool, typer.Option("--once", help="Leave when the simulated runs are over.")] = False,
    ble: Annotated[
        bool, typer.Option("--ble", help="Collect today's runs by Bluetooth, from virtual pods, in real time.")
    ] = False,
    recording: Annotated[
        Path | None,
        typer.Option("--recording", help="With --ble: play this recording (MCAP, shank CSV) from a virtual pod too."),
    ] = None,
) -> None:
    """Show it all with a simulated squad: a season is loaded, runs go live, one crosses its limit."""
    from sensor_hub.app.demo import Demo
    from sensor_hub.app.serving import told_to_end, wait

    if ble and speed not in (None, 1.0):
        raise typer.BadParameter("Bluetooth runs in real time: leave --speed out with --ble")
    if recording is not None and not ble:
        raise typer.BadParameter("--recording is played by a virtual pod: give --ble too")
    chosen = settings(None, web_port=port)
    pace = (speed or SQUAD_SPEED) if not ble else 1.0
    show = _bluetooth_show(seed, recording, chosen) if ble else _squad_show(seed, pace)
    say("Loading a simulated season of a simulated squad …")
    stage = Demo(chosen, show, on_finding=_finding)
    with told_to_end() as stop:
        address = stage.start()
        what = "virtual pods, simulated squad, real time" if ble else f"simulated squad, {pace:g} x real time"
        say(f"Open {address}   ({what}; Ctrl-C ends)")
        wait(stop, stage.ended if once else stage.broke)
        stage.stop()
    if stage.problem is not None:
        raise stage.problem
    say("Stopped; the simulated data are removed.")


def _squad_show(seed: int, speed: float) -> Any:
    from sensor_hub.app.demo import SquadShow

    return SquadShow(seed, speed)


def _bluetooth_show(seed: int, recording: Path | None, chosen: Any) -> Any:
    from sensor_hub.app.place import own_profiles
    from sensor_hub.errors import ConfigError

    try:
        from sensor_hub.app.demo_bluetooth import BluetoothShow
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != "bumble":
            raise
        mend = "virtual pods need the extra 'virtual': pip install 'sensor-hub[virtual]'"
        raise ConfigError(mend) from None
    return BluetoothShow(seed, _pod_news, _gap, recording, own_profiles(chosen))


def _pod_news(athlete: str, pod: str, news: str) -> None:
    say(f"  {athlete}: virtual pod {pod!r} {_POD_NEWS[news]}")


def _gap(athlete: str, gap: Any) -> None:
    from sensor_hub.words.gaps import gap_cause

    say(f"  {athlete}: {(gap.end_utc - gap.start_utc).total_seconds():.1f} s are unknown ({gap_cause(gap.cause)})")


_POD_NEWS = {
    "paired": "is paired",
    "connected": "is connected",
    "streaming": "is streaming",
    "lost": "is lost",
    "back": "is back",
}


def hub(
    mqtt: Mqtt = None,
    mqtt_port: MqttPort = None,
    store: StoreOption = None,
    host: Host = None,
    port: Port = None,
    shared: Shared = False,
    data_dir: DataDir = None,
) -> None:
    """Run the hub: broker, store, rules, page. Edges connect to it.

    With --shared it is one of several, each with a data folder of its own, that share out what comes: give all of them
    the same external broker, the same store and the same registry (SENSOR_HUB_REGISTRY).
    """
    from sensor_hub.app.serving import serve_hub

    where: dict[str, Any] = {"web_host": host, "web_port": port, "shared": shared or None}
    chosen = _logged(settings(data_dir, mqtt=mqtt, mqtt_port=mqtt_port, store=store, **where))
    _warn_if_open(chosen)
    warn_of_stopped_restore(chosen)
    serve_hub(chosen, on_finding=_finding, on_ready=_ready, on_empty=_empty)


def _logged(chosen: Any) -> Any:
    """Let the log go where the settings say, from now on."""
    from sensor_hub.app.logs import begin

    begin(chosen)
    return chosen


def _problem(text: str) -> None:
    warn(f"sensor-hub: {text}")


def _warn_if_open(chosen: Any) -> None:
    """A password would go in the clear, so none is taken."""
    host, is_encrypted = chosen.web_host, chosen.web_cert is not None or bool(chosen.web_proxy)
    if host not in {"127.0.0.1", "localhost", "::1"} and not is_encrypted:
        warn(
            f"sensor-hub: the page listens on {host} without encryption: nobody can sign in from another machine "
            "(set web_cert and web_key, or web_proxy)"
        )


def _ready(address: str, mqtt: str) -> None:
    say(f"Open {address}   (broker {mqtt}; Ctrl-C ends)")


def _empty(page: str) -> None:
    say(f"Nobody runs here yet: begin at {page}")


def edge(
    mqtt: Mqtt = None,
    replay: ReplayOption = None,
    simulate: Simulate = False,
    speed: Speed = 1.0,
    as_live: AsLive = False,
    adapter: AdapterOption = None,
    data_dir: DataDir = None,
) -> None:
    """Run an edge: record first, decode second, keep in the outbox, hand to the hub; started again it goes on.

    Without --replay or --simulate it collects the paired sensors: a session begins after ten steps and ends after ten
    minutes without one.
    """
    from sensor_hub.app.serving import serve_edge

    source = _source(replay, simulate, speed, as_live)
    chosen = _logged(settings(data_dir, mqtt=mqtt, adapter=adapter))
    drained = serve_edge(chosen, source, on_line=say, on_pod=_pod, on_ended=tell_ended)
    if not drained and not source.is_live:
        raise typer.Exit(1)


def _source(replay: Path | None, simulate: bool, speed: float, as_live: bool) -> Any:
    from sensor_hub.app.serving import Source

    if replay is not None and simulate:
        raise typer.BadParameter("give --replay FILE or --simulate, not both")
    return Source(replay, simulate, speed, as_live)


def _pod(pod: Any, state: Any) -> None:
    from sensor_hub.words.pods import state_text

    say(state_text(pod.device.name, state))


def tell_ended(summary: Any, names: Mapping[str, str]) -> None:
    """Say that a live run has ended, and what it noticed that can be mended. names : of its sensors, by id."""
    from sensor_hub.cli.texts import notes_of, steps_text

    say(f"{summary.header.sid}: ended, {steps_text(summary.totals)} steps")
    for note in notes_of(summary, names):
        say(f"  note: {note}")


def run(
    replay: ReplayOption = None,
    simulate: Simulate = False,
    speed: Speed = 1.0,
    as_live: AsLive = False,
    mqtt: Mqtt = None,
    mqtt_port: MqttPort = None,
    store: StoreOption = None,
    host: Host = None,
    port: Port = None,
    adapter: AdapterOption = None,
    data_dir: DataDir = None,
) -> None:
    """Run hub and edge in one process: broker, store, rules, page, and the sensors that are paired here."""
    from sensor_hub.app.serving import serve_both

    source = _source(replay, simulate, speed, as_live)
    where = {"web_host": host, "web_port": port, "adapter": adapter}
    chosen = _logged(settings(data_dir, mqtt=mqtt, mqtt_port=mqtt_port, store=store, **where))
    _warn_if_open(chosen)
    warn_of_stopped_restore(chosen)
    told: Any = {"on_finding": _finding, "on_ready": _ready, "on_problem": _problem, "on_empty": _empty}
    told |= {"on_pod": _pod, "on_ended": tell_ended}
    serve_both(chosen, source, **told)


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command(epilog="Examples: sensor-hub demo --speed 60 · sensor-hub demo --ble")(demo)
    app.command(epilog="Examples: sensor-hub run   ·   sensor-hub run --replay run.mcap --speed 10")(run)
    app.command(
        epilog="Examples: sensor-hub hub --store influx+v1://127.0.0.1/runs   ·   "
        "SENSOR_HUB_MQTT_FILE=broker.url sensor-hub hub   (a file with mqtts://hub:…@broker.local)"
    )(hub)
    app.command(
        epilog="Examples: sensor-hub edge --replay run.mcap   ·   "
        "SENSOR_HUB_MQTT_FILE=hub.url sensor-hub edge   (a file with mqtts://edge-k2f9:…@hub.local)"
    )(edge)
