"""What is remembered of a sensor's characteristics, and what to do when they are others.

BlueZ keeps the characteristics it once found. After a firmware update they may be elsewhere, and then a subscription
fails or hears nothing. So they are compared with those of last time, and BlueZ is made to look anew, once.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from sensor_hub.adapters.ble.faults import RADIO_FAULTS
from sensor_hub.adapters.ble.link import Link, OtherTableError
from sensor_hub.adapters.ble.orders import RefusedError
from sensor_hub.adapters.ble.pod import Pod
from sensor_hub.errors import BluetoothError

CHANGED: Final = "its characteristics changed (a firmware update?); if its values look wrong, pair it again"


class Acquaintance:
    """One sensor's characteristics over all its links. ``note`` is what the user has to know of them, or None."""

    def __init__(self, pod: Pod, on_fingerprint: Callable[[str, str], None]) -> None:
        self.note: str | None = None
        self._pod, self._on_fingerprint = pod, on_fingerprint
        # what a profile skips is not looked at here, yet was when pairing: the two cannot be compared
        self._fingerprint = None if pod.profile.skip_services else pod.fingerprint
        self._asked_anew = False

    def check(self, link: Link) -> None:
        """Compare with last time and with the profile.

        OtherTableError if BlueZ has to be asked anew; RefusedError if that was done and the profile does not fit.
        """
        missing, fingerprint = link.missing, link.fingerprint
        names = ", ".join(sorted(missing))
        is_known = fingerprint == self._fingerprint
        changed = self._fingerprint is not None and not is_known
        if not is_known and not self._asked_anew:
            if missing:
                raise OtherTableError(f"it has no characteristic {names}")
            if changed:
                raise OtherTableError("its characteristics are not those it had")
        if not link.has_any_stream:
            raise RefusedError(
                f"it has no characteristic {names}, which profile {self._pod.profile.tag} needs: "
                "is that the right profile? Pair it again to choose another"
            )
        if missing:
            self.note = f"it has no characteristic {names}: what would come from there is not collected"
        elif not is_known:
            self.note = CHANGED if changed else None
        if not is_known:
            self._fingerprint = fingerprint
            self._on_fingerprint(self._pod.device, fingerprint)

    def streamed(self) -> None:
        """The sensor streams: when its characteristics change again, BlueZ may be asked again."""
        self._asked_anew = False

    async def ask_anew(self, link: Link) -> str | None:
        """Have BlueZ forget the sensor and what it cached of it; return what to tell, None if that was done already.

        A bond is not given away for a change that does no harm.
        """
        if self._asked_anew:
            return None
        self._asked_anew = True
        bluez, adapter, address = link.antenna.bluez, link.adapter, self._pod.address
        link.antenna.forget(address)
        if bluez is None or adapter is None:
            return "asking it anew"
        is_paired = bool(await bluez.device_property(adapter.name, address, "Paired"))
        if is_paired and not link.missing:
            return "looking again"
        with suppress(BluetoothError, *RADIO_FAULTS):
            await bluez.remove_device(adapter.name, address)
        return "asking it anew; it may have to be paired again" if is_paired else "asking it anew"
