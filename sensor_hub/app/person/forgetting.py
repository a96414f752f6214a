"""What a running hub does about people who were erased: it takes in nothing of theirs, and forgets what it holds."""

import re
from dataclasses import replace
from typing import Final

from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.registry.erasing import Erasures
from sensor_hub.app.digest import Digest
from sensor_hub.errors import RegistryError, StoreError
from sensor_hub.model.message import DeadLetter

_WORD: Final = re.compile(rb"[A-Za-z0-9-]{1,64}")


def erasures_of(registry: Registry) -> Erasures:
    """Return who was erased; StoreError where that cannot be told, so that a batch waits."""
    try:
        return registry.erasing.erasures()
    except RegistryError as error:
        raise StoreError(str(error)) from error


def without_erased(found: Digest, erased: Erasures) -> Digest:
    """Return a batch without what is about erased people: it is acknowledged, and neither kept nor shown."""
    if not erased.digests:
        return found
    return replace(
        found,
        envelopes=[e for e in found.envelopes if e.event.header.athlete not in erased],
        live=[reading for reading in found.live if reading.header.athlete not in erased],
        dead=[letter for letter in found.dead if not _names_erased(letter, erased)],
    )


def athlete_of_topic(topic: str) -> str:
    """Return whom a topic is about; "" for one about nobody."""
    return topic.partition("/ath/")[2].partition("/")[0]


def _names_erased(letter: DeadLetter, erased: Erasures) -> bool:
    """Whether a message that could not be read is about somebody who was erased."""
    words = _WORD.findall(letter.topic.encode("utf-8", "replace") + b" " + letter.payload[:100_000])
    return any(word.decode() in erased for word in set(words))


__all__ = ["athlete_of_topic", "erasures_of", "without_erased"]
