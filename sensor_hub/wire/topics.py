"""Every topic of the contract."""

import re
from dataclasses import dataclass
from typing import Final

VERSION: Final = 1
ROOT: Final = f"sensorhub/v{VERSION}"


@dataclass(frozen=True, slots=True)
class Topics:
    """Every topic of one site."""

    site: str = "home"

    @property
    def base(self) -> str:
        """Root of the site's tree."""
        return f"{ROOT}/{self.site}"

    @property
    def from_edges(self) -> tuple[str, ...]:
        """What a hub subscribes to."""
        return (self.live_readings, self.sessions)

    @property
    def live_readings(self) -> str:
        """Newest steps of everybody: every one of several hubs hears them."""
        return f"{self.base}/ath/+/live"

    @property
    def sessions(self) -> str:
        """What is kept of everybody's sessions: each of several hubs takes its share."""
        return f"{self.base}/ath/+/s/#"

    @property
    def said_by_hubs(self) -> tuple[str, ...]:
        """What hubs keep on the broker of people: with several of them each hears what the others say."""
        return (f"{self.base}/ath/+/load", f"{self.base}/ath/+/alert/+")

    def session(self, athlete: str, sid: str, leaf: str) -> str:
        """Topic of a session: steps, event, summary."""
        return f"{self.base}/ath/{athlete}/s/{sid}/{leaf}"

    def live(self, athlete: str) -> str:
        """Newest step of an athlete, QoS 0."""
        return f"{self.base}/ath/{athlete}/live"

    def load(self, athlete: str) -> str:
        """Today, week, headroom; retained."""
        return f"{self.base}/ath/{athlete}/load"

    def alert(self, athlete: str, finding: str) -> str:
        """One finding; retained; empty payload = cleared."""
        return f"{self.base}/ath/{athlete}/alert/{finding}"

    def status(self, athlete: str) -> str:
        """How an athlete is, in a word; retained; for a Home Assistant."""
        return f"{self.base}/ath/{athlete}/status"

    def hub_state(self, hub: str) -> str:
        """Ready or lost; retained, last will; of a hub that tells a Home Assistant."""
        return f"{self.base}/hub/{hub}/state"

    def ack(self, gw: str) -> str:
        """Hub → edge: what the store has."""
        return f"{self.base}/ack/{gw}"

    def gateway_state(self, gw: str) -> str:
        """Online or lost; retained, last will."""
        return f"{self.base}/gw/{gw}/state"

    def device_state(self, device: str) -> str:
        """How a sensor's link is; retained. ``device`` is its pseudonym."""
        return f"{self.base}/dev/{device}/state"

    @property
    def states(self) -> tuple[str, ...]:
        """How gateways and sensors are: every one of several hubs hears them."""
        return (self.gateway_state("+"), self.device_state("+"))

    def command(self, gw: str, verb: str) -> str:
        """Hub → edge: do something. Never retained."""
        return f"{self.base}/gw/{gw}/cmd/{verb}"

    def reply(self, gw: str, request: str) -> str:
        """Edge → hub: the answer to a request. Never retained."""
        return f"{self.base}/gw/{gw}/reply/{request}"

    def dead_letter(self, reason: str) -> str:
        """Copy of an unusable message."""
        return f"{self.base}/dlq/{re.sub('[^a-z0-9-]+', '-', reason.lower()).strip('-')[:48] or 'unknown'}"
