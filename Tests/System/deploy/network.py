"""A network between whoever deploys and a machine: a namespace of its own, joined to the machine's by a virtual cable."""

import concurrent.futures
import ctypes
import os
import select
import socket
import subprocess
import threading

from machine import Machine

OPERATOR, HOST = "10.77.0.1", "10.77.0.2"
# Another machine, on a cable of its own.
SECOND_OPERATOR, SECOND_HOST = "10.78.0.1", "10.78.0.2"
# Those of the main host and the second one in a private network between them.
PRIVATE, PRIVATE_MAIN, PRIVATE_SECOND = "10.79.0.0/24", "10.79.0.1", "10.79.0.2"
# Of the operator too; elsewhere in the world, for rules that look at where someone comes from.
ELSEWHERE = "10.77.1.1"
CLONE_NEWNET = 0x40000000


class Network:
    def __init__(self):
        self.holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
        while os.readlink(f"/proc/{self.holder.pid}/ns/net") == os.readlink("/proc/self/ns/net"):
            pass
        self.run("ip", "link", "set", "lo", "up")

    def close(self) -> None:
        self.holder.kill()
        self.holder.wait()

    def prefix(self, pid: int | None = None) -> list[str]:
        return ["nsenter", "--target", str(pid or self.holder.pid), "--net", "--"]

    def run(self, *command: str, pid: int | None = None) -> str:
        return subprocess.run([*self.prefix(pid), *command], check=True, capture_output=True, text=True).stdout

    def connect(self, machine: Machine, host: str = HOST) -> None:
        """Plugs a cable in; a machine that was booted again needs it anew."""
        ours = (OPERATOR, ELSEWHERE) if host == HOST else (SECOND_OPERATOR,)
        self.cable(f"cable-{host}", 16, {machine.leader: (host,), self.holder.pid: ours})
        self.run("ip", "route", "add", "default", "via", ours[0], pid=machine.leader)

    def join(self, main: Machine, second: Machine) -> None:
        """The private network between two machines."""
        self.cable("private", 24, {main.leader: (PRIVATE_MAIN,), second.leader: (PRIVATE_SECOND,)})

    def cable(self, name: str, size: int, ends: dict[int, tuple[str, ...]]) -> None:
        """Between the networks of two processes, with the addresses of each."""
        one, other = ends
        subprocess.run(["ip", "link", "add", "name", name, "netns", str(one), "type", "veth", "peer", "name", name, "netns", str(other)], check=True)
        for pid, addresses in ends.items():
            for address in addresses:
                self.run("ip", "address", "add", f"{address}/{size}", "dev", name, pid=pid)
            self.run("ip", "link", "set", name, "up", pid=pid)

    def inside(self, function, *arguments):
        """What FUNCTION returns, called in a thread in the operator's network."""
        with concurrent.futures.ThreadPoolExecutor(1, initializer=enter, initargs=(self.holder.pid,)) as executor:
            return executor.submit(function, *arguments).result()

    def offer(self, port: int, target: tuple[str, int]) -> None:
        """Lets the machine reach TARGET, which listens outside of all this, at the operator's PORT."""
        listener = self.inside(lambda: socket.create_server(("0.0.0.0", port)))
        threading.Thread(target=relay, args=(listener, target), daemon=True).start()

    # What gets through

    def tcp(self, port: int, host: str = HOST, machine: Machine | None = None) -> str:
        """open, refused or rejected (by a firewall), seen by the operator, or by another MACHINE."""

        def ask() -> str:
            try:
                socket.create_connection((host, port), timeout=5).close()
                return "open"
            except ConnectionRefusedError:
                return "refused"
            except OSError:
                return "rejected"

        return machine.in_network(ask) if machine else self.inside(ask)

    def udp(self, machine: Machine, port: int, host: str = HOST) -> bool:
        """Whether a datagram to PORT arrives at a listener on the machine."""
        listener = machine.in_network(listen_udp, port)

        def send() -> None:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                sender.connect((host, port))
                for _ in range(3):
                    try:
                        sender.send(b"packet")
                    except OSError:
                        pass  # the answer to the one before: rejected

        with listener:
            self.inside(send)
            # It has been received or rejected by now: a virtual cable has no delay.
            return bool(select.select([listener], [], [], 0.5)[0])


    def answers_quic(self) -> bool:
        """Whether port 443/udp answers an unknown version of QUIC with those that it knows (RFC 9000, section 6)."""

        def ask() -> bytes:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
                client.settimeout(5)
                client.connect((HOST, 443))
                client.send((b"\xc0\x1a\x2a\x3a\x4a\x08" + bytes(8) + b"\x08" + bytes(8)).ljust(1200, b"\0"))
                try:
                    return client.recv(2048)
                except OSError:
                    return b""

        return self.inside(ask)[1:5] == bytes(4)


def listen_udp(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind(("0.0.0.0", port))
    return listener


def enter(pid: int) -> None:
    descriptor = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
    try:
        if ctypes.CDLL(None, use_errno=True).setns(descriptor, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")
    finally:
        os.close(descriptor)


def relay(listener: socket.socket, target: tuple[str, int]) -> None:
    while True:
        client, _ = listener.accept()
        server = socket.create_connection(target)
        for source, sink in ((client, server), (server, client)):
            threading.Thread(target=pump, args=(source, sink), daemon=True).start()


def pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # one of them has gone
