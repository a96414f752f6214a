"""The choice at the foot of every page: kilometres or miles, and the language where there is more than one."""

from collections.abc import Sequence
from html import escape
from typing import Final

from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.spoken import SHOW_URL
from sensor_hub.words import languages, manner
from sensor_hub.words import translate as _
from sensor_hub.words.manner import LENGTH_UNITS, LengthUnit

# The form is read in the browser and sent from there, because only an answer to a request of its own can set a cookie.
_CHOSEN: Final = f"""
async (e) => {{
  const chosen = Object.fromEntries(new FormData(e.currentTarget));
  const headers = {{'Content-Type': 'application/json', 'X-Sensor-Hub': '1'}};
  const answer = await fetch('{SHOW_URL}', {{method: 'POST', headers, body: JSON.stringify(chosen)}});
  if (answer.ok) location.reload();
}}
"""


def show_menu() -> None:
    """Put the choice into the element that is open; it is kept in the browser, and the page is made anew at once."""
    now = manner.current()
    with Tag("form", classes="show-menu", data_testid="show-menu", aria_label=_("Display")) as form:
        with Tag("label"):
            Tag("span", _("Distances in"))
            with Tag("select", name="distance"):
                for unit in LENGTH_UNITS:
                    _option(unit, _length_name(unit), chosen=unit == now.distance)
        if len(languages()) == 1:
            Tag("input", type="hidden", name="language", value=now.language)
        else:
            with Tag("label"):
                Tag("span", _("Language"))
                with Tag("select", name="language"):
                    for language in languages():
                        _option(language, language_name(language), chosen=language == now.language)
    form.on("change", js_handler=_CHOSEN)


def show_form() -> str:
    """Return the same as HTML, for pages with a script of their own, which sends it."""
    now = manner.current()
    lengths = [(unit, _length_name(unit), unit == now.distance) for unit in LENGTH_UNITS]
    fields = _select(_("Distances in"), "distance", lengths)
    if len(languages()) == 1:
        fields += f'<input type="hidden" name="language" value="{escape(now.language)}">'
    else:
        named = [(language, language_name(language), language == now.language) for language in languages()]
        fields += _select(_("Language"), "language", named)
    name = escape(_("Display"))
    return f'<form class="show-menu" id="show-menu" data-testid="show-menu" aria-label="{name}">{fields}</form>'


def _select(label: str, name: str, options: Sequence[tuple[str, str, bool]]) -> str:
    told = "".join(
        f'<option value="{escape(value)}"{" selected" if chosen else ""}>{escape(text)}</option>'
        for value, text, chosen in options
    )
    return f'<label><span>{escape(label)}</span><select name="{name}">{told}</select></label>'


def _length_name(unit: LengthUnit) -> str:
    return {"km": _("kilometres"), "mi": _("miles")}[unit]


def _option(value: str, text: str, *, chosen: bool) -> None:
    option = Tag("option", text, value=value)
    if chosen:
        option.put(selected="")


def language_name(language: str) -> str:
    """What a language calls itself; its code where nobody wrote that down."""
    return {"en": "English", "de": "Deutsch"}.get(language, language)
