"""A Debian system that really boots: systemd as process 1 in a container of systemd-nspawn, with a network of its own that leads
nowhere, so that nothing on the host is touched and every port is free."""

import concurrent.futures
import ctypes
import os
import shutil
import subprocess
import time
from pathlib import Path

CLONE_NEWNET = 0x40000000


# In a mount namespace of its own: systemd needs control groups of version 2, whatever the host has mounted, and a group to itself;
# systemd-nspawn refuses to tidy up in a /run that is not in memory, as it is where the host itself is a container.
PREPARATION = """
set -e
if [ "$(stat --file-system --format=%T /sys/fs/cgroup)" != cgroup2fs ]; then
    umount --recursive /sys/fs/cgroup || true
    mount -t cgroup2 cgroup2 /sys/fs/cgroup
fi
mkdir -p /sys/fs/cgroup/$0
echo $$ >/sys/fs/cgroup/$0/cgroup.procs
mkdir -p /run/systemd/nspawn
mount -t tmpfs tmpfs /run/systemd/nspawn
exec "$@"
"""


class CommandFailed(AssertionError):
    def __init__(self, command: str, status: int, output: str):
        super().__init__(f"{command}\nended with {status}:\n{output}")
        self.status, self.output = status, output


class Machine:
    def __init__(self, root: Path, log: Path, downloads: Path):
        """DOWNLOADS are the packages that apt has fetched already, since it can't fetch any inside."""
        self.root, self.log, self.downloads = root, log, downloads
        self.name = f"lkc-{os.getpid()}"
        self.process: subprocess.Popen | None = None
        self.leader = 0

    # Life

    def boot(self, wait: bool = True) -> "Machine":
        """Starts the system; with WAIT, until systemd has started everything, or says that something failed."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                ["unshare", "--mount", "bash", "-c", PREPARATION, self.name,
                 "systemd-nspawn", "--quiet", "--directory", self.root, "--machine", self.name, "--register=no", "--keep-unit",
                 "--private-network", "--link-journal=no", "--console=pipe",
                 # What is written needs to outlive the container, not the host.
                 "--suppress-sync=yes", f"--overlay={self.downloads}::/var/cache/apt/archives",
                 "--boot"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )
        self.wait_until(self._find_leader, "systemd-nspawn started no system")
        self.wait_until(lambda: self.try_run("test -S /run/dbus/system_bus_socket").returncode == 0, "the system has no bus")
        if wait:
            self.run("systemctl is-system-running --wait >/dev/null || true", timeout=180)
        return self

    def _find_leader(self) -> bool:
        assert self.process.poll() is None, f"systemd-nspawn ended:\n{self.log.read_text(errors='replace')[-3000:]}"
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for child in children:
            if Path(f"/proc/{child}/comm").read_text().strip() == "systemd":
                self.leader = int(child)
                return True
        return False

    def shut_down(self) -> None:
        if self.process is None:
            return
        if self.process.poll() is None and self.leader:
            self.try_run("systemctl --no-block poweroff")
            try:
                self.process.wait(90)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process, self.leader = None, 0

    def reboot(self, wait: bool = True) -> None:
        self.shut_down()
        self.boot(wait)

    # Commands

    def try_run(self, command: str, timeout: float = 120, user: str | None = None) -> subprocess.CompletedProcess:
        """Runs a shell command in the system; standard error goes with standard output."""
        shell = ["/bin/bash", "-c", command] if user is None else ["/usr/sbin/runuser", "-u", user, "--", "/bin/bash", "-c", command]
        return subprocess.run(
            ["nsenter", "--target", str(self.leader), "--all", "--root", "--wd", "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
             "HOME=/root", "LANG=C.UTF-8", "DEBIAN_FRONTEND=noninteractive", "SYSTEMD_PAGER=", *shell],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=timeout,
            errors="replace",
        )

    def run(self, command: str, timeout: float = 120, user: str | None = None) -> str:
        done = self.try_run(command, timeout, user)
        if done.returncode != 0:
            raise CommandFailed(command, done.returncode, done.stdout)
        return done.stdout.strip()

    def write(self, path: str, text: str, mode: int = 0o644) -> None:
        place = self.root / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        place.chmod(mode)

    def copy(self, file: Path, folder: str) -> None:
        (self.root / folder.lstrip("/")).mkdir(parents=True, exist_ok=True)
        shutil.copy(file, self.root / folder.lstrip("/"))

    # Waiting

    def wait_until(self, condition, what: str, limit: float = 60) -> None:
        """Asks again and again until CONDITION holds; on a machine that is busy that takes its time."""
        end = time.monotonic() + limit
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"{what} within {limit:.0f} s")
            time.sleep(0.1)

    # Units

    def show(self, unit: str, name: str) -> str:
        return self.run(f"systemctl show --property={name} --value {unit}")

    def state(self, unit: str) -> str:
        return self.show(unit, "ActiveState")

    def wait_for_state(self, unit: str, *states: str, limit: float = 60) -> None:
        try:
            self.wait_until(lambda: self.state(unit) in states, f"{unit} did not become {' or '.join(states)}", limit)
        except AssertionError as failure:
            raise AssertionError(f"{failure}\n{self.try_run(f'systemctl status --no-pager --full {unit}').stdout}") from None

    def journal(self, *match: str) -> str:
        """With all that was said before."""
        return self.run("journalctl --sync && journalctl --no-pager --output=cat " + " ".join(match))

    # Network

    def enter_network(self) -> None:
        """Moves the calling thread into the system's network."""
        descriptor = os.open(f"/proc/{self.leader}/ns/net", os.O_RDONLY)
        try:
            if ctypes.CDLL(None, use_errno=True).setns(descriptor, CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "setns")
        finally:
            os.close(descriptor)

    def in_network(self, function, *arguments):
        """What FUNCTION returns, called in a thread in the system's network."""
        with concurrent.futures.ThreadPoolExecutor(1, initializer=self.enter_network) as executor:
            return executor.submit(function, *arguments).result()
