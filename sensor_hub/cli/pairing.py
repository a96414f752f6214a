"""``sensor-hub devices pair``, and what it shares with scanning and binding: places, and who is heard."""

import sys
from collections.abc import Sequence
from typing import Annotated, Any, Final

import typer

from sensor_hub.cli.show import DataDir, Json, as_json, as_table, say, settings, warn
from sensor_hub.words.pods import gives_text, side_word

Adapter = Annotated[
    str | None, typer.Option("--adapter", help="Bluetooth adapter by address or hciN; else the first one.")
]
Side = Annotated[str | None, typer.Option("--side", help="left or right: the foot it is worn on.")]
MountOption = Annotated[str | None, typer.Option("--mount", help="foot, shank or sacrum.")]
Role = Annotated[str | None, typer.Option("--role", help="Short for side and mount: left, right or sacrum.")]
Who = Annotated[str | None, typer.Option("--athlete", help="Name or pseudonym; without it you (me).")]
MOUNTS: Final = ("foot", "shank", "sacrum")


def _on_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def place(side: str | None, mount: str | None, role: str | None) -> tuple[Any, Any]:
    """Side and mount as the registry knows them, from what was typed."""
    from sensor_hub.app.collecting.wearing import SIDES

    if role is not None:
        if role not in {"left", "right", "sacrum"}:
            raise typer.BadParameter(f"--role is {role!r}; allowed: left, right, sacrum")
        side, mount = (side, "sacrum") if role == "sacrum" else (role, mount)
    if side is not None and side.lower() not in SIDES:
        raise typer.BadParameter(f"--side is {side!r}; allowed: left, right")
    if mount is not None and mount not in MOUNTS:
        raise typer.BadParameter(f"--mount is {mount!r}; allowed: {', '.join(MOUNTS)}")
    return (SIDES[side.lower()] if side else None), mount


def hear(chosen: Any, seconds: float, *, quiet: bool) -> list[Any]:
    """Listen, and return who was heard and what they were recognised as."""
    import asyncio

    from sensor_hub.app.collecting.firmware import all_profiles
    from sensor_hub.app.collecting.pairing import hear
    from sensor_hub.app.collecting.radios import radios
    from sensor_hub.app.people import open_archive

    if not quiet:
        warn(f"Listening for {seconds:g} s …")
    with open_archive(chosen) as archive:
        known = all_profiles(archive.own_profiles)
        return asyncio.run(hear(radios(chosen)[0], seconds, archive.registry, known))


def show_heard(heard: list[Any], *, numbered: bool = False) -> None:
    """Show who was heard; addresses are for the owner of this machine."""
    rows = []
    for i, h in enumerate(heard, start=1):
        signal = "–" if h.found.rssi_dbm is None else str(h.found.rssi_dbm)
        kind = h.profile.name if h.profile else "not known"
        paired = f"as {h.paired.name}" if h.paired else "no"
        rows.append([*([str(i)] if numbered else []), h.found.name or "–", h.found.address, signal, kind, paired])
    as_table("", [*(["#"] if numbered else []), "name", "address", "signal (dBm)", "recognised as", "paired"], rows)


def pair(
    sensor: Annotated[
        str | None, typer.Argument(help="Name (or part of it) or address; without it you choose.")
    ] = None,
    athlete: Who = None,
    side: Side = None,
    mount: MountOption = None,
    role: Role = None,
    profile: Annotated[str | None, typer.Option("--profile", help="Firmware profile, if it is not recognised.")] = None,
    name: Annotated[str | None, typer.Option("--name", help="What to call it; else as it calls itself.")] = None,
    nobody: Annotated[
        bool, typer.Option("--nobody", help="It is of a box: whose it is, a roster says for an evening.")
    ] = False,
    seconds: Annotated[float, typer.Option("--seconds", min=1.0, max=120.0, help="How long to listen.")] = 8.0,
    adapter: Adapter = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Pair a sensor and bind it to an athlete and a place. A passkey is asked for on the terminal."""
    import asyncio

    from sensor_hub.app.collecting.firmware import all_profiles
    from sensor_hub.app.collecting.pairing import choose, pair_pod, profile_for
    from sensor_hub.app.collecting.radios import radios
    from sensor_hub.app.collecting.wearing import Wearing
    from sensor_hub.app.people import open_archive

    chosen = settings(data_dir, adapter=adapter)
    typed_side, typed_mount = place(side, mount, role)
    if nobody and athlete is not None:
        raise typer.BadParameter("give --athlete NAME or --nobody, not both")
    if sensor is None and not _on_terminal():
        raise typer.BadParameter("give the sensor's name or address (without one it asks, which needs a terminal)")
    heard = hear(chosen, seconds, quiet=json)
    which = choose(heard, sensor) if sensor is not None else _ask_which(heard)
    with open_archive(chosen) as archive:
        known = all_profiles(archive.own_profiles)
        kind = profile_for(which, profile, known)
        worn_side, worn_mount = _ask_place(kind, typed_side, typed_mount, asks_side=not nobody)
        wearing = Wearing(None if nobody else archive.athlete(athlete), worn_side, worn_mount)
        ask = ask_passkey if _on_terminal() else None
        pairing = pair_pod(radios(chosen)[0], archive.registry, known, which, kind, wearing, ask_passkey=ask, name=name)
        paired = asyncio.run(pairing)
    if json:
        as_json(paired.answer())
    else:
        _show_paired(paired)


def _ask_which(heard: list[Any]) -> Any:
    if not heard:
        from sensor_hub.errors import BluetoothError

        raise BluetoothError("nobody was heard: are the sensors on, near, and not linked to a phone?")
    show_heard(heard, numbered=True)
    numbers = [str(i) for i in range(1, len(heard) + 1)]
    return heard[int(_pick("Which one", numbers, shown=f"1-{len(heard)}")) - 1]


def _ask_place(profile: Any, side: Any, mount: Any, *, asks_side: bool = True) -> tuple[Any, Any]:
    """Ask for what is needed and was not typed; without a terminal what is missing is refused further on."""
    from sensor_hub.app.collecting.wearing import SIDES, needs_mount, needs_side

    if mount is None and needs_mount(profile) and _on_terminal():
        mount = _pick("Where is it worn", MOUNTS)
    if asks_side and side is None and needs_side(profile, mount) and _on_terminal():
        side = SIDES[_pick("On which leg", ("left", "right"))]
    return side or "U", mount


def _pick(question: str, allowed: Sequence[str], *, shown: str = "") -> str:
    """Ask until one of the allowed words is typed."""

    def checked(typed: str) -> str:
        if typed.strip().lower() not in allowed:
            raise typer.BadParameter(f"one of {shown or ', '.join(allowed)}")
        return typed.strip().lower()

    return str(typer.prompt(f"{question} ({shown or ', '.join(allowed)})", value_proc=checked))


def ask_passkey() -> int:
    """Ask for the six digits a sensor shows, or that are printed on it."""

    def checked(typed: str) -> int:
        digits = typed.strip().replace(" ", "")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 6):
            raise typer.BadParameter("six digits")
        return int(digits)

    return int(typer.prompt("Passkey that the sensor shows (six digits)", value_proc=checked, err=True))


def _show_paired(paired: Any) -> None:
    answer = paired.answer()
    battery = answer["battery_percent"]
    about = " ".join(filter(None, (answer["manufacturer"], answer["model"])))
    rows = [
        ["sensor", f"{paired.device.name} ({paired.device.id})"],
        ["recognised as", f"{paired.profile.name} ({paired.profile.status})"],
        ["worn by", paired.athlete.display_name if paired.athlete else "nobody: sensor-hub roster set gives it"],
        ["side", side_word(paired.device.side)],
        ["mount", answer["mount"] or "–"],
        ["it is", about or "–"],
        ["firmware", answer["firmware"] or "unknown"],
        ["serial number", paired.facts.serial or "unknown"],
        ["battery", "unknown" if battery is None else f"{battery} %"],
        ["gives", gives_text(answer["gives"])],
        ["key exchanged", "yes" if answer["bonded"] else "no (it did not ask for one)"],
    ]
    as_table("Paired", ["", ""], rows)
    say("Before the run: sensor-hub devices check")
