"""The language of a document, as browsers name it."""

from typing import cast, get_args

from nicegui.language import Language

from sensor_hub.words import manner


def document_language() -> Language:
    """Return the language in use as browsers and NiceGUI name it."""
    known = get_args(Language)
    name = manner.current().language.replace("_", "-")
    found = next((one for one in (name, name.partition("-")[0]) if one in known), "en-US")
    return cast("Language", found)
