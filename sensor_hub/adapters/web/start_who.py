"""First step: who runs. A name and a zone are needed, the rest is optional, and said why."""

from collections.abc import Sequence
from typing import Final

from nicegui import run, ui

from sensor_hub.adapters.web import start_labels as labels
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.forms import Fields, Form, FormError, read_number, text_field
from sensor_hub.adapters.web.zone_field import zone_field, zone_options
from sensor_hub.errors import SensorHubError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.ports import Newcomers

HEAVIEST_KG: Final = 300.0


class WhoStep:
    """A form that adds somebody, and whoever is here already."""

    def __init__(self, newcomers: Newcomers, people: Sequence[Athlete]) -> None:
        self._newcomers = newcomers
        with Tag("section", classes="card", aria_labelledby="who-title", data_testid="step-who"):
            Tag("h2", labels.who_title(), id="who-title")
            with Form("who-form", self._add, "form start-form") as form:
                text_field(labels.name(), "name", hint=labels.name_hint(), maxlength="100", required="")
                zone_field(labels.zone(), "zone", hint=labels.zone_hint())
                text_field(labels.mass(), "mass", hint=labels.mass_hint(), inputmode="decimal")
                Tag("p", labels.consent(), "start-consent muted")
            form.send_button(labels.go_on())
            zone_options()
        if people:
            with Tag("section", classes="card", aria_labelledby="here-title", data_testid="already-here"):
                Tag("h2", labels.already_here(), id="here-title")
                with Tag("ul", classes="start-people"):
                    for athlete in people:
                        with Tag("li"):
                            Tag("a", labels.to_today(athlete.display_name), href=f"/athlete/{athlete.id}/today")

    async def _add(self, fields: Fields) -> bool:
        name, zone = fields.get("name", ""), fields.get("zone", "")
        if not name:
            raise FormError(labels.name_missing())
        if not zone:
            raise FormError(labels.zone_missing())
        mass_kg = read_number(fields.get("mass", ""), labels.mass(), HEAVIEST_KG)
        try:
            added: Athlete | None = await run.io_bound(self._newcomers.add, name, zone, mass_kg=mass_kg)
        except SensorHubError as problem:
            raise FormError(str(problem)) from None
        if added is not None:
            ui.navigate.to(f"/start?step=2&athlete={added.id}")
        return False
