"""Sentences in the language in use, through gettext; the catalogues are read elsewhere and given here."""

import gettext
from typing import Final

from sensor_hub.words.manner import ORIGINAL, current

_ORIGINALS: Final = gettext.NullTranslations()
_catalogues: dict[str, gettext.NullTranslations] = {}


def use_translations(translations: gettext.NullTranslations, language: str = ORIGINAL) -> None:
    """Let every later sentence of a language come from this catalogue; ``NullTranslations()`` brings originals back."""
    _catalogues[language] = translations


def languages() -> tuple[str, ...]:
    """Return the languages that sentences can be had in, the original first."""
    return (ORIGINAL, *sorted(set(_catalogues) - {ORIGINAL}))


def translate(text: str) -> str:
    """The text in the language in use; as it is written where its catalogue does not have it."""
    return _catalogues.get(current().language, _ORIGINALS).gettext(text)


def translate_n(one: str, many: str, n: float) -> str:
    """The text for one or for many in the language in use; what n is put in for stays ``{n}``."""
    whole = int(n) if float(n).is_integer() else 2  # half a day is spoken of as days are
    return _catalogues.get(current().language, _ORIGINALS).ngettext(one, many, whole)
