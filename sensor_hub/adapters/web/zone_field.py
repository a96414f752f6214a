"""A field for a time zone: every zone is offered, and the browser's stands in it where nobody has said one."""

from functools import cache
from typing import Final
from zoneinfo import available_timezones

from nicegui import ui

from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.forms import text_field

ZONES_ID: Final = "zones"
# Only where nobody has typed yet, and only a zone that the list has.
_GUESS: Final = """
(() => {
  const field = document.getElementById('%s');
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (field && !field.value && zone) { field.value = zone; field.defaultValue = zone; }
})()
"""


def zone_field(label: str, name: str, zone: str = "", hint: str = "") -> Tag:
    """A labelled input; zone : what stands in it, empty for the browser's. ``zone_options`` belongs on the page too."""
    more = {"list": ZONES_ID, "required": "", "autocapitalize": "none", "spellcheck": "false", "maxlength": "64"}
    field = text_field(label, name, value=zone, hint=hint, **more)
    if not zone:
        client = ui.context.client
        client.on_connect(lambda: client.run_javascript(_GUESS % field.html_id))
    return field


def zone_options() -> None:
    """Make the list that the field offers; as text of one element: six hundred would be made and looked after."""
    Tag("datalist", id=ZONES_ID, innerHTML=_options())


@cache
def _options() -> str:
    """Every zone as an option of a list; their names are letters, digits, and ``/_+-``."""
    return "".join(f'<option value="{zone}"></option>' for zone in sorted(available_timezones()))
