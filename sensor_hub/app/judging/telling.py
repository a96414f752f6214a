"""What a person is told, told once, whichever hub judged and whichever died on the way.

Before a finding is stored it is noted that it will be told; who tells it claims it first and marks it after. So a hub
that dies between judging and telling leaves it to another one, after a while. One that dies in the very moment between
telling and marking lets it be told twice: what is told carries the finding's id, and whoever receives it can drop the
second.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from sensor_hub.adapters.registry.judging import Work
from sensor_hub.app.judging.turns import Turns
from sensor_hub.errors import RegistryError, StoreError
from sensor_hub.model.finding import Finding
from sensor_hub.model.ports import Store
from sensor_hub.model.work import FirstTelling

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TellingOnce:
    """Tells through ``tell_person``, with True once a rule and scope of an athlete."""

    work: Work
    turns: Turns
    tell_person: Callable[[Finding, bool], None]

    def expect(self, finding: Finding) -> None:
        """Note that a finding will be told; StoreError where that cannot be, and then it must not be stored."""
        try:
            self.work.expect(_telling(finding))
        except RegistryError as error:
            raise StoreError(str(error)) from error

    def tell(self, finding: Finding, notify: bool) -> None:
        """Tell it, as something new if nobody has."""
        if not notify:
            self.tell_person(finding, False)
            return
        telling = _telling(finding)
        try:
            mine = self.work.claim(telling, self.turns.holder, for_s=self.turns.lease_s)
        except RegistryError as error:  # it is told by whoever looks for what was left
            raise StoreError(str(error)) from error
        self.tell_person(finding, mine)
        if mine:
            self.work.set_told(telling)

    def tell_left(self, store: Store) -> int:
        """Tell what hubs that are gone were about to; return how much that was."""
        n_told = 0
        for telling in self.work.untold(older_s=self.turns.lease_s):
            known = {finding.id: finding for finding in store.findings(telling.athlete)}
            finding = known.get(telling.finding)
            # not stored yet: the athlete is still due, and who judges them tells it
            if finding is None or finding.withdrawn or finding.severity != "alert":
                continue
            try:
                self.tell(finding, True)
            except (StoreError, RegistryError):
                raise
            except Exception:
                # Composition root: what cannot be told must not keep the rest from being told. It is tried again.
                _LOG.exception("a finding could not be told")
            else:
                n_told += 1
        return n_told


def _telling(finding: Finding) -> FirstTelling:
    return FirstTelling(finding.athlete, finding.rule, finding.scope, finding.id)
