"""An edge does what a hub asks of its sensors: list, scan, pair, unpair, check. Nothing that it says has an address.

Who may ask is the broker's to decide (``wire.access``). Each request is answered once; one that lay about is refused.
"""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock
from typing import Final

from sensor_hub.adapters.ble.agent import NOBODY_TO_ASK
from sensor_hub.adapters.ble.faults import without_address
from sensor_hub.adapters.registry import Registry
from sensor_hub.app.collecting.asked import Refused, SensorsHere
from sensor_hub.app.collecting.on_air import OnAir
from sensor_hub.app.edge import Edge
from sensor_hub.app.place import Place, own_profiles, registry_in_use
from sensor_hub.config import Settings
from sensor_hub.errors import BluetoothError, ConfigError, DecodeError, ProfileError, RegistryError, SensorHubError
from sensor_hub.model.asking import VERBS, ListSensors, Refusal, RefusalCode, Reply, Request
from sensor_hub.wire import decode_request, encode_reply

_LOG = logging.getLogger(__name__)
REMEMBERED: Final = 1000  # ours: ids of requests that were taken; a broker repeats one within seconds
LONGEST_TEXT: Final = 400


class Answering:
    """Listens on an edge's connection and answers, one request at a time; use it as a context.

    It has to be made before the edge starts. now_utc : the edge's clock, which a request's age is told by.
    """

    def __init__(
        self,
        settings: Settings,
        place: Place,
        edge: Edge,
        on_air: OnAir,
        *,
        now_utc: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._edge, self._on_air, self._now_utc = edge, on_air, now_utc
        self._registry = Registry(registry_in_use(settings, place))
        self._here = SensorsHere(self._registry, own_profiles(settings), edge, on_air)
        self._taken: OrderedDict[str, None] = OrderedDict()
        self._busy = Lock()
        self._worker = ThreadPoolExecutor(2, thread_name_prefix="asked")  # a list waits for no scan
        edge.publisher.take_commands(VERBS, self._on_command)

    def __enter__(self) -> "Answering":
        return self

    def __exit__(self, *_reason: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Take nothing any more, and end what is being done."""
        self._on_air.close()
        self._worker.shutdown(wait=True, cancel_futures=True)
        self._registry.close()

    def _on_command(self, verb: str, payload: bytes) -> None:
        try:
            request = decode_request(verb, payload)
        except DecodeError as error:
            _LOG.warning("a request that cannot be read is passed over: %s", error)
            return
        if request.gw != self._edge.outbox.gw or not self._is_new(request.id):
            return
        try:
            self._worker.submit(self._work, request)
        except RuntimeError:  # it ends just now, and who asked is told by the edge's state
            _LOG.info("a request came at the end: %s", request.verb)

    def _is_new(self, request: str) -> bool:
        if request in self._taken:
            return False
        self._taken[request] = None
        while len(self._taken) > REMEMBERED:
            self._taken.popitem(last=False)
        return True

    def _work(self, request: Request) -> None:
        began_s = time.monotonic()
        reply = Reply(request.id, request.gw, request.verb, self._now_utc())
        try:
            reply = self._answered(request, reply)
        except SensorHubError as error:
            reply = replace(reply, refusal=_refusal(error))
        except Exception:
            # composition root: whoever asked waits, and must hear that nothing comes
            _LOG.exception("what a hub asked for failed: %s", request.verb)
            reply = replace(reply, refusal=Refusal("failed"))
        _LOG.info("asked for %s: %.1f s, %s", request.verb, time.monotonic() - began_s, reply.refusal or "done")
        self._edge.publisher.answer(encode_reply(replace(reply, at_utc=self._now_utc()), self._edge.topics))

    def _answered(self, request: Request, reply: Reply) -> Reply:
        """Raise Refused, or what stood in the way."""
        if abs((self._now_utc() - request.sent_utc).total_seconds()) > request.expires_s:
            raise Refused("too-old")
        if isinstance(request.ask, ListSensors):
            return replace(reply, sensors=self._here.all())
        if not self._busy.acquire(blocking=False):
            raise Refused("busy")
        try:
            return self._here.do(request.ask, reply)
        finally:
            self._busy.release()


def _refusal(error: SensorHubError) -> Refusal:
    """Say why in a code that a page has words for, and in the edge's own words, in which no address is."""
    if isinstance(error, Refused):
        return Refusal(error.code, _shown(str(error)))
    text, code = str(error), _CODES.get(type(error), "failed")
    if isinstance(error, BluetoothError):
        if NOBODY_TO_ASK in text:
            code = "passkey"
        elif text.startswith("the sensor is not heard"):
            code = "not-heard"
    return Refusal(code, _shown(text))


def _shown(text: str) -> str:
    return without_address(text)[:LONGEST_TEXT]


_CODES: Final[dict[type, RefusalCode]] = {
    BluetoothError: "bluetooth", ProfileError: "no-profile", RegistryError: "not-here", ConfigError: "not-here",
}  # fmt: skip
