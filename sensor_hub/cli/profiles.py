"""``sensor-hub devices profiles``: what is known of each kind of sensor, and how to add one."""

from pathlib import Path
from typing import Annotated, Any

import typer

from sensor_hub.cli.show import Json, as_json, as_table, say, settings
from sensor_hub.words.pods import gives_text

app = typer.Typer(
    help="Firmware profiles: list, show, new, check.", no_args_is_help=False, rich_markup_mode=None,
    invoke_without_command=True,
)  # fmt: skip
Id = Annotated[str, typer.Argument(help="Id of a profile, such as polar-h10.")]


@app.callback(invoke_without_command=True, epilog="Example: sensor-hub devices profiles --json")
def list_(context: typer.Context, json: Json = False) -> None:
    """List the firmware profiles: those shipped, and your own, which go before them."""
    if context.invoked_subcommand is not None:
        return
    from sensor_hub.app.collecting.firmware import profile_rows
    from sensor_hub.app.place import own_profiles

    rows = profile_rows(own_profiles(settings(None)))
    if json:
        as_json(rows)
        return
    shown = []
    for row in rows:
        rate = "–" if row["sampling_rate_hz"] is None else f"{row['sampling_rate_hz']:g}"
        origin = f"{row['origin']} (overrides)" if row["overrides"] else str(row["origin"])
        shown.append([row["id"], row["name"], row["kind"], row["mount"] or "–", rate, row["status"], origin])
    as_table("", ["id", "name", "kind", "mount", "rate (Hz)", "status", "from"], shown)


@app.command(epilog="Example: sensor-hub devices profiles show polar-h10")
def show(profile_id: Id, json: Json = False) -> None:
    """Show one profile: what it is recognised by, what it sends, and on what evidence."""
    from sensor_hub.app.collecting.firmware import profile_of_id
    from sensor_hub.app.collecting.pairing import gives
    from sensor_hub.app.place import own_profiles

    profile = profile_of_id(profile_id, own_profiles(settings(None)))
    if json:
        as_json(_values(profile))
        return
    rows = [
        ["profile", f"{profile.name} ({profile.tag})"],
        ["kind", profile.kind],
        ["mount", profile.mount or "to be given when pairing"],
        ["recognised by", ", ".join([*profile.name_patterns, *profile.services, *map(hex, profile.company_ids)])],
        ["sends", ", ".join(f"{uuid} ({name})" for uuid, name in profile.characteristics.items())],
        ["told to start", ", ".join(c.payload.hex(" ") for c in profile.start) or "nothing"],
        ["readings a second", "–" if profile.sampling_rate_hz is None else f"{profile.sampling_rate_hz:g}"],
        ["gives", gives_text(gives(profile))],
        ["subscribed by", profile.notify_mode],
        ["status", profile.status],
        ["evidence", profile.evidence],
        ["notes", profile.notes or "–"],
    ]
    as_table("", ["", ""], rows)


def _values(profile: Any) -> Any:
    """Return a profile as JSON values; bytes as hexadecimal text."""
    from dataclasses import asdict

    def plain(value: Any) -> Any:
        if isinstance(value, bytes):
            return value.hex(" ")
        if isinstance(value, dict):
            return {name: plain(v) for name, v in value.items()}
        return [plain(v) for v in value] if isinstance(value, list | tuple) else value

    return plain(asdict(profile))


@app.command(
    epilog="Examples: sensor-hub devices profiles new acme-pod --name 'Acme Pod' --out acme-pod.toml"
    "   ·   sensor-hub devices profiles new acme-pod --name 'Acme Pod'"
)
def new(
    profile_id: Annotated[str, typer.Argument(help="Id of the new profile: vendor-device.")],
    name: Annotated[str, typer.Option("--name", help="Name the sensor advertises, or people call it by.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write; without it, into your folder of profiles.")
    ] = None,
) -> None:
    """Write a commented profile to begin with. The guide: docs/profiles.md."""
    from sensor_hub.app.collecting.firmware import template
    from sensor_hub.app.collecting.profile_files import write_profile
    from sensor_hub.app.place import own_profiles

    text = template(profile_id, name)
    path = out or own_profiles(settings(None)) / f"{profile_id}.toml"
    write_profile(path, text)
    say(f"{path} is written: fill it in, then sensor-hub devices profiles check {path}")


@app.command(epilog="Example: sensor-hub devices profiles check acme-pod.toml")
def check(file: Annotated[Path, typer.Argument(help="A profile (TOML).", dir_okay=False)], json: Json = False) -> None:
    """Read a profile and say what is wrong with it, or that nothing is."""
    from sensor_hub.app.collecting.pairing import gives
    from sensor_hub.app.collecting.profile_files import read_profile

    profile = read_profile(file)
    if json:
        as_json(_values(profile))
    else:
        say(f"{file}: {profile.tag} is fine; it gives {gives_text(gives(profile))}")
