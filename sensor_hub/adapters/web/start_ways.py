"""Second step: how runs get here, by where somebody runs."""

import shlex
from collections.abc import Sequence

from sensor_hub.adapters.web import start_labels as labels
from sensor_hub.adapters.web.data_page import ImportCard
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.writing import WriteSide
from sensor_hub.model.athlete import Athlete


class WaysStep:
    """Four ways, each folded until it is chosen. pair, files : whether whoever looks may do so here."""

    def __init__(self, writing: WriteSide, athlete: Athlete, *, pair: bool, files: bool) -> None:
        name = athlete.display_name
        with Tag("section", classes="card", aria_labelledby="ways-title", data_testid="step-ways"):
            Tag("h2", labels.ways_title(name), id="ways-title")
            Tag("p", labels.ways_note(), "muted")
            with _way("way-beside", labels.beside_title(), labels.beside_text()):
                if writing.sensors is not None and pair:
                    Tag("a", labels.beside_pair(), "button main", href=f"/athlete/{athlete.id}/sensors",
                        data_testid="to-sensors")  # fmt: skip
                commands(labels.beside_commands())
                Tag("p", labels.beside_note(), "muted")
            with _way("way-edge", labels.edge_title(), labels.edge_text()):
                Tag("p", labels.edge_on_edge())
                commands(["sensor-hub mqtt id"])
                Tag("p", labels.edge_on_hub())
                commands([f"sensor-hub mqtt gateway add EDGE-ID --athlete {shlex.quote(name)}"])
                Tag("p", labels.edge_then())
                commands(edge_commands(athlete))
                Tag("p", labels.edge_more(), "muted")
            if writing.data is not None and files:
                with _way("way-file", labels.file_title(), labels.file_text()):
                    ImportCard(writing.jobs, athlete.id)
            with _way("way-none", labels.none_title(), labels.none_text()):
                pass


def edge_commands(athlete: Athlete) -> list[str]:
    """What is typed on an edge; the pseudonym is the hub's, so that both mean the same person."""
    who = shlex.quote(athlete.display_name)
    return [
        "(umask 077; echo 'mqtts://EDGE-ID:PASSWORD@HUB:8883' > hub.url)",
        f"sensor-hub athlete add {who} --id {athlete.id} --zone {athlete.zone}",
        f"sensor-hub devices pair --athlete {who}",
        "SENSOR_HUB_MQTT_FILE=hub.url sensor-hub edge",
    ]


def commands(lines: Sequence[str]) -> None:
    """Lines for a terminal; focusable, so that a keyboard can scroll them."""
    Tag("pre", "\n".join(lines), "commands", tabindex="0")


def _way(testid: str, title: str, text: str) -> Tag:
    with Tag("details", classes="way", data_testid=testid):
        with Tag("summary"), Tag("span"):
            Tag("strong", title)
            Tag("span", text, "way-text")
        return Tag("div", classes="way-body")
