"""The network between the server and what it depends on: a namespace for the server, a proxy for each service, a name server.

The server is alone in a network namespace. Everything it reaches it reaches by a name and through a proxy on the other end of
one pair of interfaces, so that a fault of the network concerns exactly one service, and the services themselves know nothing of it:

partition  packets are dropped both ways, as by a broken switch: nobody hangs up, connecting waits
cut        connections are reset, new ones are refused
delay      every piece of data waits, both ways
DNS        names get no answer, or a failure
"""

import asyncio
import os
import secrets
import socket
import struct
import subprocess
import threading

from server import free_port

DOMAIN = "faults.test"


def run(*command: str):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")


class Namespace:
    """A network namespace with one pair of interfaces to ours. Needs root."""

    def __init__(self):
        number = secrets.randbelow(250) + 2
        self.name = f"lkc-faults-{secrets.token_hex(3)}"
        self.outside, self.inside = f"10.213.{number}.1", f"10.213.{number}.2"
        self.interface = f"lkc{secrets.token_hex(3)}"
        self.folder = f"/etc/netns/{self.name}"
        run("ip", "netns", "add", self.name)
        try:
            run("ip", "link", "add", self.interface, "type", "veth", "peer", "name", "eth0", "netns", self.name)
            run("ip", "addr", "add", f"{self.outside}/30", "dev", self.interface)
            run("ip", "link", "set", self.interface, "up")
            for command in (f"addr add {self.inside}/30 dev eth0", "link set eth0 up", "link set lo up"):
                run("ip", "-n", self.name, *command.split())
            os.makedirs(self.folder)
            with open(f"{self.folder}/resolv.conf", "w", encoding="ascii") as file:
                file.write(f"nameserver {self.outside}\noptions timeout:1 attempts:2\n")
        except BaseException:
            self.remove()
            raise

    def command(self, *command: str) -> list[str]:
        """A command that runs in it."""
        return ["ip", "netns", "exec", self.name, *command]

    def partition(self, port: int, *, ends: bool = False):
        """Drops the packets to and from a port outside, or no longer does."""
        for chain, side in (("OUTPUT", "--dport"), ("INPUT", "--sport")):
            run(*self.command("iptables", "-w", "-D" if ends else "-I", chain, "-p", "tcp", side, str(port), "-j", "DROP"))

    def remove(self):
        subprocess.run(["ip", "link", "del", self.interface], capture_output=True, check=False)
        subprocess.run(["ip", "netns", "del", self.name], capture_output=True, check=False)
        subprocess.run(["rm", "-rf", self.folder], check=False)


class Proxy:
    """Forwards TCP from a port outside the namespace to a service on loopback."""

    def __init__(self, loop: asyncio.AbstractEventLoop, host: str, target: int):
        self.loop, self.host, self.target, self.port = loop, host, target, free_port()
        self.delay = 0.0
        self.is_cut = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._server = self._call(asyncio.start_server(self._accept, host, self.port, limit=1 << 18))

    def _call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(30)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        try:
            if self.is_cut:
                return self._reset(writer)
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            return self._reset(writer)
        self._writers |= {writer, back}
        await asyncio.gather(self._forward(reader, back), self._forward(there, writer))
        self._writers -= {writer, back}

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        try:
            while data := await reader.read(65536):
                if self.delay:
                    await asyncio.sleep(self.delay)
                writer.write(data)
                await writer.drain()
            writer.write_eof()
        except OSError:
            self._reset(writer)

    @staticmethod
    def _reset(writer: asyncio.StreamWriter):
        if endpoint := writer.get_extra_info("socket"):
            try:
                endpoint.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            except OSError:
                pass  # it is closed already
        writer.transport.abort()

    def cut(self):
        async def reset_all():
            self.is_cut = True
            for writer in list(self._writers):
                self._reset(writer)

        self._call(reset_all())

    def mend(self):
        self.is_cut = False


class Names(asyncio.DatagramProtocol):
    """A name server that knows every name of the domain. `mode`: answer, silent, fail."""

    def __init__(self, address: str):
        self.address, self.mode = socket.inet_aton(address), "answer"

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data: bytes, sender):
        if self.mode == "silent" or len(data) < 17:
            return
        end = data.index(b"\0", 12) + 5
        question, kind = data[12:end], struct.unpack("!H", data[end - 4 : end - 2])[0]
        has_answer = self.mode == "answer" and kind == 1
        flags = 0x8580 | (2 if self.mode == "fail" else 0)
        answer = data[:2] + struct.pack("!HHHHH", flags, 1, int(has_answer), 0, 0) + question
        if has_answer:
            # The name of the question, an address, for no time at all.
            answer += b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 0, 4) + self.address
        self.transport.sendto(answer, sender)


class Network:
    """All of it, on a thread of its own."""

    def __init__(self, ports: dict[str, int]):
        """`ports`: where each service listens on loopback."""
        self.namespace = Namespace()
        try:
            self.loop = asyncio.new_event_loop()
            threading.Thread(target=self.loop.run_forever, daemon=True).start()
            self.names = Names(self.namespace.outside)
            asyncio.run_coroutine_threadsafe(
                self.loop.create_datagram_endpoint(lambda: self.names, (self.namespace.outside, 53)), self.loop).result(30)
            self.proxies = {name: Proxy(self.loop, self.namespace.outside, port) for name, port in ports.items()}
        except BaseException:
            self.namespace.remove()
            raise

    def address(self, name: str) -> str:
        """Host and port by which the server reaches a service."""
        return f"{name}.{DOMAIN}:{self.proxies[name].port}"

    def remove(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.namespace.remove()
