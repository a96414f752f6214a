"""Every page in a language nobody speaks: what has no accents was not translated, what does not fit never will."""

import gettext
import re
from collections.abc import Iterator

import pytest

from sensor_hub.words import use_translations
from tests.e2e.conftest import Looker
from tests.e2e.every_page import Address, WholeHub, addresses, unfold, whole_hub
from tests.e2e.test_accessible import wide
from tests.e2e.test_manner import TEXTS
from tests.pseudo_language import PSEUDO, Pseudo

pytestmark = pytest.mark.browser
# Texts that are quoted, typed by people, or names: they are as they are in every language.
QUOTED = "[data-testid=rows], [data-testid=evidence], .entry-note, code, pre, .data-quoted"
# What a hub has from people, sensors and models, and what NiceGUI says itself where it has the language.
NAMES = (
    "Mia", "Lindqvist", "Jonas", "Okafor", "Ada", "Brandt", "Kim Sato", "Simulated runner",
    "Teresa de Jesús Montalbán-Quiñones", "Sprint", "Empty", "Pod-Box", "Pod-Free", "pod-left", "Pod", "pod",
    "Grey trainers", "Race flats", "windy", "My phone", "Footpod", "boss", "mia", "second", "Says when", "sensor_hub",
    "sensor-hub", "factor", "pain 24h", "session limit", "Europe/Berlin", "ntfys",
    "Connection lost", "Trying to reconnect", "Message too long", "The message is too large for WebSocket transmission",
)  # fmt: skip
GIVEN = re.compile(
    "|".join(re.escape(name) for name in NAMES)
    + r"|achilles-[\d.]+|ref-pop-\d+|foot-[\d.]+|mia-\d|UTC|BW|SIM|REST|API|\bms\b"
    r"|https?://\S+|/[a-z{}/-]+|[A-Z]\d\d|\b[a-z]+-[a-z\d-]+\b|[\w.-]+\.(?:fit|md|csv|py)|`[^`]*`",
)
PLAIN = re.compile(r"[A-Za-z]{2,}")


@pytest.fixture(scope="module")
def hub() -> Iterator[WholeHub]:
    use_translations(Pseudo(), PSEUDO)
    with whole_hub() as hub:
        yield hub
    use_translations(gettext.NullTranslations(), PSEUDO)


@pytest.mark.parametrize("at", addresses(), ids=str)
def test_everything_on_a_page_is_translated_and_fits(hub: WholeHub, look: Looker, at: Address) -> None:
    page = hub.look(look, at, shown_in=f"km-{PSEUDO}")
    assert page.evaluate("document.documentElement.lang") == PSEUDO
    unfold(page)
    left = {text.strip()[:80] for text in page.evaluate(TEXTS, QUOTED) if PLAIN.search(GIVEN.sub("", text))}
    assert sorted(left) == []
    assert wide(page) == []
