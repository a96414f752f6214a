"""Athletes that are looked at together."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Squad:
    """A named group of athletes of one hub; an athlete may be in several.

    athletes : pseudonyms, in no order of weight.
    """

    id: str
    name: str
    athletes: tuple[str, ...] = ()
