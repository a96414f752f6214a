"""A language that nobody speaks: every letter has an accent, every sentence is a third longer and stands in brackets.

What a page shows without accents did not go through gettext, and what does not fit would not fit in German either.
"""

import gettext
import re
from typing import Final

PSEUDO: Final = "eo"  # of the languages browsers and NiceGUI have a name for, one this program will hardly be in soon
_LETTERS: Final = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "áƀćďéƒǵĥíĵķĺḿńóṕɋŕśťúṽŵẋýźÁƁĆĎÉƑǴĤÍĴĶĹḾŃÓṔɊŔŚŤÚṼŴẊÝŹ",
)
_KEPT: Final = re.compile(r"(\{\{|\}\}|\{[^{}]*\}|\n)")
_LONGER: Final = 0.35
_SHORT: Final = 4  # a unit, a sign: nobody needs a third more for these


def pseudo(text: str) -> str:
    """The text in that language; placeholders stay."""
    accented = "".join(part if _KEPT.fullmatch(part) else part.translate(_LETTERS) for part in _KEPT.split(text))
    n_letters = sum(letter.isalpha() for letter in accented)
    if n_letters <= _SHORT:
        return accented
    n_more = round(_LONGER * len(text))
    # A longer word, or more words: a line may break between them, as it may in any language.
    more = " ···" * max(1, n_more // 4) if " " in text else "·" * n_more
    return f"⟦{accented}{more}⟧"


class Pseudo(gettext.NullTranslations):
    """Its catalogue."""

    def gettext(self, message: str) -> str:
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return pseudo(msgid1 if n == 1 else msgid2)
