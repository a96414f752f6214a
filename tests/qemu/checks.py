"""Guest: the project's collector against the real bluetoothd, one check after the other.

Each check has an event loop of its own, prints PASS or FAIL with its numbers, and leaves pods and adapter as it found
them as far as it can; the next one begins by waiting for an adapter with power.
"""

import asyncio
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from tests.qemu import bluez_faults, losses, streams
from tests.qemu.registry import CHECKS, Check
from tests.qemu.stage import DAEMON, Daemon, FailedCheckError, Wire, end_of_log

SCENES: Final = (streams, losses, bluez_faults)  # imported for the checks they enter, in this order
LONGEST_S: Final = 180.0


async def _judged(function: Check, wire: Wire, daemon: Daemon) -> tuple[str, str]:
    try:
        async with asyncio.timeout(LONGEST_S):
            await daemon.ready()
            return "PASS", await function(wire, daemon)
    except FailedCheckError as failure:
        return "FAIL", str(failure)
    except TimeoutError:
        return "FAIL", f"not done after {LONGEST_S:.0f} s"
    except Exception as error:  # a check that breaks is a check that fails, and the others go on
        return "FAIL", f"{type(error).__name__}: {error}; {end_of_log()}"


def _wanted() -> dict[str, Check]:
    words = dict(word.partition("=")[::2] for word in Path("/proc/cmdline").read_text().split())
    only = [part for part in words.get("only", "").split(",") if part]
    numbered = enumerate(CHECKS.items(), start=1)
    return {name: function for i, (name, function) in numbered if not only or str(i) in only}


def main() -> None:
    """Run the checks and report."""
    wire, daemon = Wire(), Daemon()
    wire.wait_for_outside()
    bluez = subprocess.run([DAEMON, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    wire.report(fact="Linux", **{"is": platform.release()})
    wire.report(fact="BlueZ", **{"is": bluez})
    wanted = _wanted()
    wire.report(plan=len(wanted))
    daemon.start()
    for sentence, function in wanted.items():
        begun_s = time.monotonic()
        result, said = asyncio.run(_judged(function, wire, daemon))
        wire.report(check=sentence, result=result, said=said, took_s=time.monotonic() - begun_s)
        if not daemon.lives:
            wire.report(log="bluetoothd ended by itself; starting it again. " + end_of_log())
            daemon.start()
    wire.report(end=True)


if __name__ == "__main__":
    sys.exit(main())
