"""An arm64 machine with the processor core of Oracle's Ampere A1: emulated by QEMU, with a kernel, a disk and systemd of its own.

Commands reach it by SSH, requests by a port of this host's loopback that leads to the machine's 443. Nothing else of the network can be
reached from inside.
"""

import os
import platform
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from server import free_port

ENVIRONMENT = "export PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive SYSTEMD_PAGER="


class CommandFailed(AssertionError):
    def __init__(self, command: str, status: int | None, output: str):
        super().__init__(f"{command}\nended with {status}:\n{output}")


class EmulatedMachine:
    def __init__(self, template: Path, work: Path):
        """TEMPLATE has disk, vmlinuz, key and known_hosts, and is only read; WORK is for what this machine writes."""
        self.template, self.work = template, work
        self.port, self.ssh_port = free_port(), free_port()
        self.disk, self.console = work / "disk.qcow2", work / "console.log"
        # A socket's path must be short.
        self.connection = Path(tempfile.mkdtemp(prefix="arm64-"))
        self.process: subprocess.Popen | None = None

    def boot(self, packages: Path) -> "EmulatedMachine":
        """Starts the machine with the file system image PACKAGES as its second disk, until it takes commands."""
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", self.template / "disk", self.disk], check=True)
        self.process = subprocess.Popen(
            # It ends with the tests, however they end.
            ["setpriv", "--pdeathsig", "KILL",
             "qemu-system-aarch64", "-machine", "virt", *processor(), "-smp", "2", "-m", "3072", "-display", "none",
             "-nodefaults", "-serial", f"file:{self.console}",
             "-kernel", self.template / "vmlinuz",
             "-append", "root=/dev/nvme0n1 rw console=ttyAMA0 systemd.mask=serial-getty@ttyAMA0.service",
             # What is written needs to outlive the machine, not the host.
             "-drive", f"file={self.disk},if=none,id=disk,cache=unsafe", "-device", "nvme,drive=disk,serial=disk",
             # Of another kind: of two that are alike, either may come first.
             "-drive", f"file={packages},if=none,id=packages,format=raw,readonly=on", "-device", "virtio-blk-pci,drive=packages",
             "-netdev", f"user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:{self.port}-:443,hostfwd=tcp:127.0.0.1:{self.ssh_port}-:22",
             "-device", "virtio-net-pci,netdev=net,romfile=", "-device", "virtio-rng-pci"],
            stdin=subprocess.DEVNULL, stdout=(self.work / "qemu.log").open("wb"), stderr=subprocess.STDOUT)
        self.wait_until(self.takes_commands, "it took no command by SSH")
        return self

    def reboot(self) -> None:
        """By systemd, which stops everything first."""
        before = self.boot_id()
        self.try_run("systemctl --no-block reboot")
        self.wait_until(lambda: self.boot_id() not in ("", before), "it did not boot again")

    def power_off(self) -> int:
        """QEMU's exit status."""
        self.try_run("systemctl --no-block poweroff")
        return self.process.wait(600)

    def end(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        # The connection that commands share has ended with the machine.
        shutil.rmtree(self.connection)

    # Commands

    def ssh(self, command: str, text: str, timeout: float) -> subprocess.CompletedProcess:
        options = {
            "BatchMode": "yes", "ConnectTimeout": "60", "ServerAliveInterval": "15", "ServerAliveCountMax": "8", "LogLevel": "ERROR",
            "IdentityFile": self.template / "key", "IdentitiesOnly": "yes",
            "UserKnownHostsFile": self.template / "known_hosts", "GlobalKnownHostsFile": "/dev/null", "HostKeyAlias": "arm64",
            "ControlMaster": "auto", "ControlPath": self.connection / "ssh", "ControlPersist": "yes",
        }
        return subprocess.run(
            ["ssh", "-F", "none", "-T", "-p", str(self.ssh_port), *(f"-o{name}={value}" for name, value in options.items()),
             "root@127.0.0.1", f"{ENVIRONMENT}\n{command}"],
            input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", timeout=timeout)

    def takes_commands(self) -> bool:
        return self.boot_id() != ""

    def try_run(self, command: str, timeout: float = 600, text: str = "") -> subprocess.CompletedProcess:
        """Runs a shell command in the machine with TEXT as its input; standard error goes with standard output."""
        try:
            return self.ssh(f"exec 2>&1\n{command}", text, timeout)
        except subprocess.TimeoutExpired as late:
            output = (late.output or b"").decode(errors="replace")
            raise CommandFailed(command, None, f"{output}\nit did not end within {timeout:.0f} s\n{self.console_end()}") from None

    def run(self, command: str, timeout: float = 600, text: str = "") -> str:
        done = self.try_run(command, timeout, text)
        if done.returncode != 0:
            raise CommandFailed(command, done.returncode, done.stdout)
        return done.stdout.strip()

    def write(self, path: str, text: str) -> None:
        """A file of root alone."""
        self.run(f"umask 077 && cat >'{path}'", text=text)

    def boot_id(self) -> str:
        """Nothing when it takes no commands."""
        try:
            return self.run("cat /proc/sys/kernel/random/boot_id", 120)
        except CommandFailed:
            return ""

    # Units

    def show(self, unit: str, name: str) -> str:
        return self.run(f"systemctl show --property={name} --value {unit}")

    def wait_for_state(self, unit: str, state: str) -> None:
        try:
            self.wait_until(lambda: self.show(unit, "ActiveState") == state, f"{unit} did not become {state}")
        except AssertionError as failure:
            raise AssertionError(f"{failure}\n{self.try_run(f'systemctl status --no-pager --full {unit}').stdout}") from None

    # Waiting

    def wait_until(self, condition, what: str, limit: float = 600) -> None:
        """Asks again and again until CONDITION holds; an emulated machine takes its time."""
        end = time.monotonic() + limit
        while not condition():
            assert self.process.poll() is None, f"QEMU ended:\n{(self.work / 'qemu.log').read_text()}\n{self.console_end()}"
            assert time.monotonic() < end, f"{what} within {limit:.0f} s\n{self.console_end()}"
            time.sleep(1)

    def console_end(self) -> str:
        text = self.console.read_text(errors="replace") if self.console.exists() else ""
        return "the end of its console:\n" + "\n".join(text.splitlines()[-30:])

    # The disk, once the machine is off

    def disk_image(self) -> Path:
        """The disk as a plain image, which debugfs and dumpe2fs read."""
        image = self.work / "disk.raw"
        subprocess.run(["qemu-img", "convert", "-O", "raw", self.disk, image], check=True)
        return image


def processor() -> list[str]:
    """An emulated Ampere core, or this host's own where it can lend it."""
    if platform.machine() == "aarch64" and os.access("/dev/kvm", os.W_OK):
        return ["-accel", "kvm", "-cpu", "host"]
    return ["-accel", "tcg,thread=multi", "-cpu", "neoverse-n1"]
