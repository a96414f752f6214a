"""Guest: the project's collector against the real bluetoothd, one check after the other.

Each check has an event loop of its own, prints PASS or FAIL with its numbers, and leaves pods and adapter as it found
them as far as it can; the next one begins by waiting for an adapter with power.
"""

import asyncio
import platform
import subprocess
import time
from pathlib import Path
from typing import Final

from tests.qemu import bluez_faults, losses, pairing, streams
from tests.qemu.registry import CHECKS, Check
from tests.qemu.stage import DAEMON, Daemon, FailedCheckError, Wire, end_of_log

SCENES: Final = (streams, pairing, losses, bluez_faults)  # in this order
LONGEST_S: Final = 180.0


async def _judged(function: Check, wire: Wire, daemon: Daemon) -> tuple[str, str]:
    supervisor = asyncio.ensure_future(daemon.supervise())
    try:
        async with asyncio.timeout(LONGEST_S):
            await daemon.ready()
            said = await function(wire, daemon)
    except FailedCheckError as failure:
        return "FAIL", str(failure)
    except TimeoutError:
        return "FAIL", f"not done after {LONGEST_S:.0f} s"
    except Exception as error:  # a check that breaks is a check that fails, and the others go on
        return "FAIL", f"{type(error).__name__}: {error}; {end_of_log()}"
    finally:
        supervisor.cancel()
    return "PASS", said


def _wanted() -> dict[str, Check]:
    words = dict(word.partition("=")[::2] for word in Path("/proc/cmdline").read_text().split())
    only = [part for part in words.get("only", "").split(",") if part]
    places = [scene.__name__ for scene in SCENES]
    ordered = sorted(CHECKS.items(), key=lambda entry: places.index(entry[1].__module__))
    return {name: f for name, f in ordered if not only or {f.__name__, f.__module__.rpartition(".")[2]} & set(only)}


def _of_the_kernel(n_known: int) -> list[str]:
    """Return what the kernel has said about its own faults since so many lines."""
    process = subprocess.run(["dmesg"], capture_output=True, text=True, check=False)
    grave = ("BUG", "Oops", "segfault", "list_del", "use-after-free")
    return [line for line in process.stdout.splitlines() if any(word in line for word in grave)][n_known:]


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
    n_kernel = n_crashes = 0
    for sentence, function in wanted.items():
        begun_s = time.monotonic()
        result, said = asyncio.run(_judged(function, wire, daemon))
        wire.report(check=sentence, result=result, said=said, took_s=time.monotonic() - begun_s)
        for line in _of_the_kernel(n_kernel):
            n_kernel += 1
            wire.report(log=f"kernel: {line}")
        if daemon.n_crashes > n_crashes:
            wire.report(log=f"bluetoothd crashed {daemon.n_crashes - n_crashes} times")
            n_crashes = daemon.n_crashes
    wire.report(end=True)


if __name__ == "__main__":
    main()
