"""``sensor-hub tls``: certificates of one's own, for a home or a club's network."""

from pathlib import Path
from typing import Annotated, Any

import typer

from sensor_hub.cli.show import Json, as_json, say

app = typer.Typer(
    help="Certificates of one's own for broker and page, where no public authority reaches: init, renew, show.",
    epilog="Examples: sensor-hub tls init --name hub.local --ip 192.168.1.20 --out tls   ·   sensor-hub tls show"
    " --out tls",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder of ca.crt, ca.key, server.crt, server.key.")]
Names = Annotated[
    list[str] | None, typer.Option("--name", help="Name under which the server is asked for; may be repeated.")
]
Ips = Annotated[list[str] | None, typer.Option("--ip", help="Address under which it is asked for; may be repeated.")]
Days = Annotated[int, typer.Option("--days", min=1, max=825, help="How long the server's certificate is good.")]


@app.command(epilog="Example: sensor-hub tls init --name hub.local --ip 192.168.1.20 --out tls")
def init(out: Out, name: Names = None, ip: Ips = None, days: Days = 825, json: Json = False) -> None:
    """Make an authority, and by it a certificate for the server of these names; nothing is overwritten."""
    from sensor_hub.app.certifying import make

    shown = make(out, [*(name or []), *(ip or [])], days)
    if json:
        as_json(_answer(shown))
        return
    _say(shown, out)
    say(f"server: SENSOR_HUB_MQTT_CERT={out / 'server.crt'} SENSOR_HUB_MQTT_KEY={out / 'server.key'}")
    say(f"gateways: a copy of {out / 'ca.crt'} each, and SENSOR_HUB_MQTT_CA with its path")
    say(f"{out / 'ca.key'} is needed to renew only: keep it elsewhere until then")


@app.command(epilog="Examples: sensor-hub tls renew --out tls   ·   sensor-hub tls renew --name hub.club --out tls")
def renew(out: Out, name: Names = None, ip: Ips = None, days: Days = 825, json: Json = False) -> None:
    """Make the server a new key and certificate by the same authority: gateways need nothing new."""
    from sensor_hub.app import certifying

    shown = certifying.renew(out, [*(name or []), *(ip or [])], days)
    if json:
        as_json(_answer(shown))
        return
    _say(shown, out)
    say("restart broker and hub, which read it when they start")


@app.command(name="show", epilog="Examples: sensor-hub tls show --out tls   ·   sensor-hub tls show --out tls --json")
def show_(out: Out, json: Json = False) -> None:
    """Show for which names a certificate is, and how long; leaves with 1 if it is over in less than 30 days."""
    from sensor_hub.app import certifying

    shown, days_left = certifying.show(out)
    if json:
        as_json(_answer(shown) | {"days_left": int(days_left)})
    else:
        _say(shown, out)
    if days_left < 30:
        if not json:
            say(f"renew it: sensor-hub tls renew --out {out}")
        raise typer.Exit(1)


def _say(shown: Any, out: Path) -> None:
    say(f"{out / 'server.crt'}: for {', '.join(shown.names)}, until {shown.until_utc:%Y-%m-%d}")
    say(f"{out / 'ca.crt'}: until {shown.authority_until_utc:%Y-%m-%d}, SHA-256 {shown.authority_sha256}")


def _answer(shown: Any) -> dict[str, Any]:
    return {
        "names": list(shown.names),
        "until": shown.until_utc.isoformat(),
        "authority_until": shown.authority_until_utc.isoformat(),
        "authority_sha256": shown.authority_sha256,
    }
