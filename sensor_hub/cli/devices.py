"""``sensor-hub devices``: sensors over Bluetooth; hear them, pair them, check them before the run."""

from typing import Annotated, Any

import typer

from sensor_hub.cli import checking, pairing, profiles
from sensor_hub.cli.pairing import Adapter, MountOption, Role, Side, Who, hear, place, show_heard
from sensor_hub.cli.show import DataDir, Json, as_json, as_table, say, settings, warn
from sensor_hub.words.pods import gives_text, side_word

app = typer.Typer(
    help="Sensors over Bluetooth: scan, pair, list, bind, check, habits, unpair; firmware profiles; adapters.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(profiles.app, name="profiles")
app.command(
    epilog="Examples: sensor-hub devices pair   ·   sensor-hub devices pair 'MyFoot 1' --side left"
    "   ·   sensor-hub devices pair 'Polar H10' --role sacrum --athlete Ana"
)(pairing.pair)
app.command(
    epilog="Examples: sensor-hub devices check   ·   sensor-hub devices check --athlete Ana --seconds 30 --json"
    "   ·   sensor-hub devices check --replay run.mcap"
)(checking.check)

Which = Annotated[str, typer.Argument(help="Name or id of a paired sensor.")]


@app.command(epilog="Examples: sensor-hub devices scan   ·   sensor-hub devices scan --seconds 20 --json")
def scan(
    seconds: Annotated[float, typer.Option("--seconds", min=1.0, max=120.0, help="How long to listen.")] = 8.0,
    adapter: Adapter = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Listen, and list the sensors that advertise. Many wake only when they are moved."""
    heard = hear(settings(data_dir, adapter=adapter), seconds, quiet=json)
    if json:
        as_json([h.answer() for h in heard])
    else:
        show_heard(heard)
    if not heard:
        warn("sensor-hub: nobody was heard: are the sensors on, near, and not linked to a phone?")
        raise typer.Exit(1)


@app.command(name="list", epilog="Example: sensor-hub devices list --json")
def list_(
    athlete: Annotated[str | None, typer.Option("--athlete", help="Only this athlete's.")] = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """List the paired sensors. Addresses are not shown: they stay in the registry."""
    from sensor_hub.app.collecting.firmware import all_profiles
    from sensor_hub.app.collecting.pairing import device_answer
    from sensor_hub.app.people import open_archive

    with open_archive(settings(data_dir)) as archive:
        known = all_profiles(archive.own_profiles)
        names = {a.id: a.display_name for a in archive.registry.athletes()}
        devices = archive.registry.devices(archive.athlete(athlete).id if athlete else None)
    answers = [device_answer(d, known.get(d.profile), names.get(d.athlete or "")) for d in devices]
    if json:
        as_json(answers)
    elif answers:
        _show_devices(answers)
    else:
        say("no sensor is paired yet: sensor-hub devices pair")


def _show_devices(answers: list[dict[str, Any]]) -> None:
    rows = [
        [a["id"], a["name"], a["athlete"] or "nobody", side_word(a["side"]), a["mount"] or "–", a["profile"],
         gives_text(a["gives"])]
        for a in answers
    ]  # fmt: skip
    as_table("", ["id", "name", "athlete", "side", "mount", "profile", "gives"], rows)


@app.command(epilog="Example: sensor-hub devices bind 'MyFoot 1' --athlete Ana --side right")
def bind(
    sensor: Which,
    athlete: Who = None,
    side: Side = None,
    mount: MountOption = None,
    role: Role = None,
    nobody: Annotated[bool, typer.Option("--nobody", help="Take it from its athlete; it stays paired.")] = False,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Give a paired sensor another athlete, side or mount; what is not given stays.

    Given the side that the other of a pair is on, the two change sides.
    """
    from sensor_hub.app.collecting.firmware import all_profiles
    from sensor_hub.app.collecting.pairing import device_answer
    from sensor_hub.app.collecting.wearing import rebind
    from sensor_hub.app.people import open_archive

    typed_side, typed_mount = place(side, mount, role)
    with open_archive(settings(data_dir)) as archive:
        known = all_profiles(archive.own_profiles)
        device = archive.registry.device(sensor)
        if nobody:
            bound, name = archive.registry.bind_device(device.id, None, device.side, device.mount), None
            other = None
        else:
            owner = archive.athlete(athlete if athlete or device.athlete is None else device.athlete)
            bound, other = rebind(archive.registry, known, device, owner, typed_side, typed_mount)
            name = owner.display_name
        answers = [device_answer(d, known.get(d.profile), name) for d in (bound, other) if d is not None]
    if json:
        as_json(answers[0] | {"exchanged_with": answers[1] if other is not None else None})
        return
    _show_devices(answers)
    if other is not None:
        say(f"{bound.name} and {other.name} have changed sides")


@app.command(
    epilog="Examples: sensor-hub devices habits --athlete Ana   ·   sensor-hub devices habits --athlete Ana --forget"
)
def habits(
    athlete: Annotated[str | None, typer.Option("--athlete", help="Only this athlete's.")] = None,
    mount: MountOption = None,
    forget: Annotated[
        bool, typer.Option("--forget", help="Erase them; they are learned anew from the next run.")
    ] = False,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Show what is remembered of how strides usually look to a sensor; a run that differs is doubted.

    Pairing or binding a sensor forgets what was usual at its place.
    """
    from sensor_hub.app.loads.learned import pattern_answer
    from sensor_hub.app.people import open_archive

    _, typed_mount = place(None, mount, None)
    if forget and athlete is None:
        raise typer.BadParameter("--forget needs --athlete NAME")
    with open_archive(settings(data_dir)) as archive:
        learned, names = archive.registry.learned, {a.id: a.display_name for a in archive.registry.athletes()}
        kept = [(who, p) for who, p in learned.patterns(athlete) if typed_mount in {None, p.mount}]
        if forget and athlete is not None:
            learned.remove_patterns(athlete, typed_mount)
    if json:
        as_json([pattern_answer(who, pattern) | {"forgotten": forget} for who, pattern in kept])
    elif not kept:
        say("nothing is remembered of how strides look")
    else:
        rows = [[names[who], p.mount, side_word(p.side), str(p.n_sessions), str(p.n_strides)] for who, p in kept]
        as_table("forgotten" if forget else "", ["athlete", "mount", "side", "sessions", "strides"], rows)


@app.command(epilog="Example: sensor-hub devices unpair 'MyFoot 1'")
def unpair(sensor: Which, adapter: Adapter = None, data_dir: DataDir = None, json: Json = False) -> None:
    """Forget a sensor and its key. Its sessions stay."""
    import asyncio

    from sensor_hub.app.collecting.pairing import unpair_pod
    from sensor_hub.app.collecting.radios import radios
    from sensor_hub.app.people import open_archive

    chosen = settings(data_dir, adapter=adapter)
    with open_archive(chosen) as archive:
        gone, problem = asyncio.run(unpair_pod(radios(chosen)[0], archive.registry, sensor))
    if problem is not None:
        warn(f"sensor-hub: forgotten here; the system may still know it: {problem}")
    if json:
        as_json({"id": gone.id, "name": gone.name, "problem": problem})
    else:
        say(f"{gone.name} ({gone.id}) is forgotten")


@app.command(epilog="Example: sensor-hub devices adapters --json")
def adapters(json: Json = False) -> None:
    """List this machine's Bluetooth adapters. Name one by its address: hciN may change."""
    import asyncio

    from sensor_hub.app.collecting.radios import adapter_answers

    answers = asyncio.run(adapter_answers())
    if json:
        as_json(answers)
    else:
        as_table(
            "", ["name", "address", "on"], [[a["name"], a["address"], "yes" if a["powered"] else "no"] for a in answers]
        )
    if not any(a["powered"] for a in answers):
        warn("sensor-hub: no Bluetooth adapter is on (rfkill list; bluetoothctl power on)")
        raise typer.Exit(1)
