"""``sensor-hub devices check``."""

from pathlib import Path
from typing import Annotated, Any

import typer

from sensor_hub.cli.pairing import Adapter
from sensor_hub.cli.show import DataDir, Json, as_json, as_table, say, settings, warn
from sensor_hub.words.pods import finding_text, side_word, state_text


def check(
    athlete: Annotated[
        str | None, typer.Option("--athlete", help="Only this athlete's; without it everybody's.")
    ] = None,
    seconds: Annotated[
        float, typer.Option("--seconds", min=1.0, max=300.0, help="How long to listen once the sensors are linked.")
    ] = 10.0,
    replay: Annotated[Path | None, typer.Option("--replay", help="Judge a recording (MCAP) instead.")] = None,
    adapter: Adapter = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Say of each sensor whether it is fit for a run: link, rate, gaps, doubles, clock, battery, gravity, swing, place.

    Stand still for a moment and then walk a few steps meanwhile. Upside down, swapped or in another place shows only
    in running: give half a minute of it (--seconds 40), or a recording. Leaves with 1 unless every sensor is ok.
    """
    chosen = settings(data_dir, adapter=adapter)
    named = _checked_recording(chosen, replay) if replay else _checked_live(chosen, athlete, seconds, quiet=json)
    if json:
        as_json([check.answer() | {"name": name, "side": side} for name, side, check in named])
    else:
        _show_checks(named)
    if any(check.verdict != "ok" for _, _, check in named):
        raise typer.Exit(1)


def _checked_recording(chosen: Any, replay: Path) -> list[tuple[str, str, Any]]:
    from sensor_hub.app.collecting.checking import check_recording
    from sensor_hub.app.place import own_profiles

    return [(pod.device.name, pod.device.side, check) for pod, check in check_recording(replay, own_profiles(chosen))]


def _checked_live(chosen: Any, athlete: str | None, seconds: float, *, quiet: bool) -> list[tuple[str, str, Any]]:
    from datetime import UTC, datetime

    from sensor_hub.app.collecting.checking import check_live, learn, told_of
    from sensor_hub.app.collecting.collecting import bound_pods
    from sensor_hub.app.collecting.firmware import all_profiles
    from sensor_hub.app.collecting.radios import air
    from sensor_hub.app.people import open_archive
    from sensor_hub.app.place import Place
    from sensor_hub.errors import BluetoothError

    with open_archive(chosen) as archive:
        who = archive.athlete(athlete).id if athlete else None
        pods, left_out = bound_pods(archive.registry, all_profiles(archive.own_profiles), who)
        for reason in left_out:
            warn(f"sensor-hub: {reason}")
        if not pods:
            raise BluetoothError("no sensor is paired and bound yet: sensor-hub devices pair")
        names = {pod.device.id: pod.device.name for pod in pods}
        told = (lambda _: None) if quiet else (lambda state: warn(state_text(names[state.device], state)))
        with Place.at(chosen.data_dir).lock_for_collecting():
            checks = check_live(pods, air(chosen), seconds, on_state=told)
        learn(archive.registry, pods, checks)
        for found in checks:  # the page shows the last one
            archive.registry.sensor_checks.put(told_of(found, datetime.now(UTC)))
    return [(pod.device.name, pod.device.side, check) for pod, check in zip(pods, checks, strict=True)]


def _show_checks(named: list[tuple[str, str, Any]]) -> None:
    rows = []
    for name, side, found in named:
        rate = "–" if found.rate_hz is None else f"{found.rate_hz:.1f}"
        declared = "" if found.declared_hz is None else f" of {found.declared_hz:g}"
        battery = "–" if found.battery_percent is None else f"{found.battery_percent} %"
        residual = "–" if found.clock_residual_s is None else f"{found.clock_residual_s * 1000:.1f}"
        skew = "–" if found.clock_skew_ppm is None else f"{found.clock_skew_ppm:+.0f}"
        gravity = "–" if found.gravity is None else f"{found.gravity:.2f}"
        counts = [str(found.n_gaps), str(found.n_doubled)]
        row = [name, side_word(side), found.verdict, rate + declared, *counts, residual, skew, battery, gravity]
        rows.append([*row, f"{found.n_steps:.0f}"])
    header = ["sensor", "side", "verdict", "readings/s", "gaps", "doubled", "clock (ms)", "skew (ppm)", "battery",
              "at rest (g)", "steps"]  # fmt: skip
    as_table("", header, rows)
    for name, _side, found in named:
        for code, value in found.findings:
            say(f"{name}: {finding_text(code, value, found.problem)}")
