"""How this program speaks to people: the units and the language of the settings, and the catalogues it ships."""

import gettext
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from sensor_hub.config import Settings
from sensor_hub.errors import ConfigError
from sensor_hub.words import languages, use_translations
from sensor_hub.words.manner import Manner, use_by_default

DOMAIN: Final = "sensor_hub"


def speak_as(settings: Settings) -> None:
    """Speak as the settings say to everybody who chose nothing; ConfigError for a language without a catalogue."""
    load_catalogues()
    if settings.language not in languages():
        raise ConfigError(
            f"setting 'language' (SENSOR_HUB_LANGUAGE): there is no catalogue for {settings.language!r}; "
            f"there is {', '.join(languages())}"
        )
    use_by_default(Manner(settings.language, settings.units))


@cache
def load_catalogues() -> None:
    """Read every catalogue that is shipped."""
    for folder in _folders(files("sensor_hub") / "locale"):
        compiled = folder / "LC_MESSAGES" / f"{DOMAIN}.mo"
        if compiled.is_file():
            with compiled.open("rb") as file:
                use_translations(gettext.GNUTranslations(file), folder.name)


def _folders(root: Traversable) -> list[Traversable]:
    return sorted((found for found in root.iterdir() if found.is_dir()), key=lambda found: found.name)
