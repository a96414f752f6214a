"""Host: prepare the guest, boot it, surround it with pods, print what its checks say, write it into docs/radio.md.

``python -m tests.qemu.run`` from the repository's root. Exit status 1 if a check failed or did not come, 2 if something
is missing.
"""

import argparse
import asyncio
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from tests.qemu.outside import Outside

REPOSITORY: Final = Path(__file__).resolve().parents[2]
PAGE: Final = REPOSITORY / "docs" / "radio.md"
BEGIN: Final = "<!-- last run: written by make test-radio -->"
END: Final = "<!-- end of last run -->"
BOOT_S: Final = 90.0
MEMORY_MIB: Final = 1024


def qemu_arguments(build: Path, *, accelerator: str, cpus: int, only: str) -> list[str]:
    """Return the command that boots the guest."""
    words = f"console=ttyS0 loglevel=5 panic=-1 edd=off repository={REPOSITORY} python={sys.executable}"
    if only:
        words += f" only={only}"
    ports = []
    for name in ("hci", "control"):
        ports += ["-chardev", f"socket,path={build / name},server=on,wait=off,id={name}"]
        ports += ["-device", f"virtserialport,chardev={name},name={name}"]
    return [
        "qemu-system-x86_64", "-accel", accelerator, "-cpu", "max", "-smp", str(cpus), "-m", str(MEMORY_MIB),
        "-kernel", str(build / "vmlinuz"), "-initrd", str(build / "initramfs.gz"), "-append", words,
        "-nographic", "-no-reboot", "-nic", "none", "-device", "virtio-rng-pci", "-device", "virtio-serial-pci",
        "-virtfs", "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap",
        *ports,
        "-chardev", f"file,path={build / 'report'},id=report", "-device", "virtserialport,chardev=report,name=report",
    ]  # fmt: skip


class Report:
    """What the guest wrote so far, a JSON object a line."""

    def __init__(self, path: Path) -> None:
        self._path, self._read = path, 0
        self.facts: dict[str, str] = {}
        self.lines: list[str] = []
        self.n_failed = 0
        self.planned: int | None = None
        self.ended = False

    def look(self) -> None:
        """Print what is new."""
        if not self._path.exists():
            return
        whole = self._path.read_bytes()
        new, self._read = whole[self._read : whole.rfind(b"\n") + 1], whole.rfind(b"\n") + 1
        for line in new.splitlines():
            self._take(json.loads(line))

    def _take(self, said: dict[str, Any]) -> None:
        match said:
            case {"fact": name, "is": value}:
                self.facts[name] = value
            case {"plan": n}:
                self.planned = n
            case {"check": name, "result": result, "said": numbers, "took_s": took_s}:
                self.n_failed += result == "FAIL"
                line = f"{result:4}  {name}" + (f": {numbers}" if numbers else "") + f" [{took_s:.1f} s]"
                self.lines.append(line)
                print(line, flush=True)
            case {"log": text}:
                print("      " + text, flush=True)
            case {"end": _}:
                self.ended = True

    @property
    def n_missing(self) -> int:
        """Checks that never said anything."""
        return max((self.planned or 1) - len(self.lines), 0)


async def run(build: Path, *, accelerator: str, cpus: int, limit_s: float, only: str) -> Report:
    """Boot the guest, let it check, and return what it reported."""
    for name in ("hci", "control", "report"):
        (build / name).unlink(missing_ok=True)
    report = Report(build / "report")
    outside = Outside()
    with (build / "console").open("wb") as console:
        guest = await asyncio.create_subprocess_exec(
            *qemu_arguments(build, accelerator=accelerator, cpus=cpus, only=only),
            stdin=subprocess.DEVNULL, stdout=console, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        while not (build / "control").exists() and guest.returncode is None:  # noqa: ASYNC110 - QEMU tells nobody
            await asyncio.sleep(0.05)
        await outside.start(build / "hci", build / "control")
        async with asyncio.timeout(limit_s):
            while guest.returncode is None and not report.ended:
                report.look()
                await asyncio.sleep(0.2)
    except TimeoutError:
        print(f"not done after {limit_s:.0f} s", flush=True)
    finally:
        if guest.returncode is None:
            guest.kill()
        await guest.wait()
        await outside.close()
        report.look()
    return report


def as_page(report: Report, accelerator: str, took_s: float) -> str:
    """Return the section of docs/radio.md."""
    versions = {
        **report.facts,
        "bleak": version("bleak"),
        "bleak-retry-connector": version("bleak-retry-connector"),
        "bumble": version("bumble"),
        "Python": platform.python_version(),
    }
    told = ", ".join(f"{name} {value}" for name, value in versions.items())
    n_passed = sum(line.startswith("PASS") for line in report.lines)
    summary = f"{n_passed} passed, {report.n_failed} failed, {report.n_missing} did not run, in {took_s:.0f} s"
    head = f"{datetime.now(UTC):%Y-%m-%d}: {told}; QEMU with {accelerator}.\n{summary}."
    return f"{BEGIN}\n{head}\n\n```text\n" + "\n".join(report.lines) + f"\n```\n{END}"


def write_page(section: str) -> None:
    """Put the section in its place on the page."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(before + section + after, encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit status."""
    parser = argparse.ArgumentParser(prog="make test-radio", description="the collector on a real bluetoothd in QEMU")
    parser.add_argument("--build", type=Path, default=Path(".radio"), help="where kernel and initramfs are kept")
    parser.add_argument("--accelerator", default="tcg", help="QEMU's accelerator: tcg (everywhere) or kvm")
    parser.add_argument("--cpus", type=int, default=2)
    parser.add_argument("--limit", type=float, default=900.0, help="seconds after which the guest is ended")
    parser.add_argument("--only", default="", help="names of checks, with commas; then the page is not written")
    parser.add_argument("--no-page", action="store_true", help="do not write docs/radio.md")
    chosen = parser.parse_args(arguments)
    os.chdir(REPOSITORY)
    prepared = subprocess.run(["sh", "tests/qemu/prepare.sh", str(chosen.build)], check=False)
    if prepared.returncode:
        return 2
    if shutil.which("qemu-system-x86_64") is None:
        print("no qemu-system-x86_64 (apt-get install qemu-system-x86)", file=sys.stderr)
        return 2
    begun = datetime.now(UTC)
    report = asyncio.run(
        run(chosen.build, accelerator=chosen.accelerator, cpus=chosen.cpus, limit_s=chosen.limit, only=chosen.only)
    )
    took_s = (datetime.now(UTC) - begun).total_seconds()
    if report.planned is None:
        console = (chosen.build / "console").read_text(errors="replace").splitlines()
        print("the guest did not come up; the end of its console:", *console[-30:], sep="\n")
    if not chosen.only and not chosen.no_page and report.lines:
        write_page(as_page(report, chosen.accelerator, took_s))
    if report.n_missing:
        print(f"{report.n_missing} checks did not run")
    return int(report.n_failed > 0 or report.n_missing > 0)


if __name__ == "__main__":
    sys.exit(main())
