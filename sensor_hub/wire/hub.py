"""What is not an event of a session: acks, load, findings, dead letters, states."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from sensor_hub.model.finding import Finding
from sensor_hub.model.gait import Side
from sensor_hub.model.link import PodPhase, PodState
from sensor_hub.model.load import LoadStatus
from sensor_hub.model.message import Ack, DeadLetter, Message
from sensor_hub.model.sensor_view import DeviceState
from sensor_hub.wire.reading import parse
from sensor_hub.wire.topics import VERSION, Topics
from sensor_hub.wire.writing import dump, iso, known

LOW_BATTERY_PERCENT: Final = 10  # ours
_STATE_OF: Final[dict[PodPhase, DeviceState]] = {
    "connecting": "init", "starting": "ready", "streaming": "streaming", "stalled": "lost", "lost": "lost",
    "stopped": "sleeping",
}  # fmt: skip


def encode_ack(ack: Ack, topics: Topics) -> Message:
    """Return the hub's word to an edge that these sequence numbers are in the store."""
    return Message(topics.ack(ack.gw), dump({"v": VERSION, "type": "ack", "gw": ack.gw, "seqs": list(ack.seqs)}), 1)


def decode_ack(payload: bytes) -> Ack:
    """Read an application ack."""
    fields = parse(payload, "ack")
    seqs: Sequence[Any] = fields.list_of("seqs")
    if not all(isinstance(s, int) and not isinstance(s, bool) and 0 <= s < 2**63 for s in seqs):
        raise fields.fail("'seqs' has an entry that is not a whole number")
    return Ack(fields.ident("gw"), list(seqs))


def encode_load(status: LoadStatus, topics: Topics) -> Message:
    """Return the retained load message of an athlete."""
    body = known(asdict(status))
    return Message(
        topics.load(status.athlete), dump({"v": VERSION, "type": "load", "ath": body.pop("athlete"), **body}), 1, True
    )


def encode_finding(finding: Finding, topics: Topics) -> Message:
    """Return the retained alert message; a withdrawn finding is an empty payload, which clears it."""
    topic = topics.alert(finding.athlete, finding.id)
    if finding.withdrawn:
        return Message(topic, b"", 1, True)
    body = known(asdict(finding)) | {"first_utc": iso(finding.first_utc), "updated_utc": iso(finding.updated_utc)}
    return Message(
        topic, dump({"v": VERSION, "type": "alert", "id": finding.id, "ath": body.pop("athlete"), **body}), 1, True
    )


def encode_dead_letter(dead: DeadLetter, topics: Topics) -> Message:
    """Return the copy of an unusable message for the dead-letter topic."""
    body = {
        "v": VERSION, "type": "dead-letter", "reason": dead.reason, "topic": dead.topic,
        "payload_hex": dead.payload[:4096].hex(),
    }  # fmt: skip
    return Message(topics.dead_letter(dead.reason.split(":")[0]), dump(body), 1)


def encode_gateway_state(gw: str, state: str, topics: Topics, takes: Sequence[str] = ()) -> Message:
    """Return the retained state of a gateway: ready, lost. takes : verbs that it does when a hub asks."""
    body = {"v": VERSION, "type": "state", "gw": gw, "state": state, "takes": list(takes)}
    return Message(topics.gateway_state(gw), dump(body), 1, True)


def device_state(state: PodState) -> DeviceState:
    """Return the word of the contract for how a sensor is.

    One that is waited for sleeps, as far as anybody knows, until it has been linked once; then it is lost. Refusing to
    start, or a battery of 10 % and less, is an alert.
    """
    refuses = state.phase == "starting" and state.problem is not None
    if refuses or (state.battery_percent is not None and state.battery_percent <= LOW_BATTERY_PERCENT):
        return "alert"
    if state.phase == "waiting":
        return "lost" if state.n_received else "sleeping"
    return _STATE_OF[state.phase]


def encode_device_state(state: PodState, *, gw: str, profile: str, side: Side, topics: Topics) -> Message:
    """Return the retained state of a sensor. It says its pseudonym and never its address."""
    body = {
        "v": VERSION, "type": "device-state", "gw": gw, "dev": state.device, "state": device_state(state),
        "profile": profile, "side": side, "battery_percent": state.battery_percent,
        "n_reconnects": state.n_reconnects, "n_dropped": state.n_dropped,
    }  # fmt: skip
    return Message(topics.device_state(state.device), dump(body), 1, True)
