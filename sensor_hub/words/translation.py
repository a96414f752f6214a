"""The language in use, through gettext."""

import gettext

_translations = gettext.NullTranslations()


def use_translations(translations: gettext.NullTranslations) -> None:
    """Let every later sentence come from this catalogue; ``NullTranslations()`` brings the originals back."""
    global _translations
    _translations = translations


def translate(text: str) -> str:
    """The text in the language in use."""
    return _translations.gettext(text)
