"""Oracle's client, loaded once: each call is answered by a process forked from one that has imported it. It takes more than a second to import
itself, and a run of provision-oci calls it fifty times. The code that answers, its files, its requests and its exit status are the client's own.

Run by the Python of the client's environment: `loaded_client.py SOCKET` serves; `CALLER` is what stands in PATH as `oci`."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading

# What provision-oci and destroy-oci call.
SERVICES = ["iam", "network", "compute", "os"]

# Hands its arguments, environment, folder and open files over, and ends as the call did. What kills it ends the call too.
CALLER = """#!{python} -IS
import json, os, socket, sys
server = socket.socket(socket.AF_UNIX)
server.connect({path!r})
call = json.dumps([sys.argv, dict(os.environ), os.getcwd()]).encode() + b"\\n"
socket.send_fds(server, [call[:1]], [0, 1, 2])
server.sendall(call[1:])
status = server.recv(1)
sys.exit(status[0] if status else "Oracle's client ended without a status")
"""


def serve(path: str) -> None:
    sys.argv = ["oci"]
    from oci_cli import dynamic_loader
    from oci_cli.cli import cli

    for service in SERVICES:
        dynamic_loader.load_service(service)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path + ".new")
    listener.listen(64)
    os.rename(path + ".new", path)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        caller, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            answer(caller, cli)
        caller.close()


def answer(caller: socket.socket, cli) -> None:
    """Never returns."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    call, files, _, _ = socket.recv_fds(caller, 1 << 20, 3)
    while not call.endswith(b"\n"):
        call += caller.recv(1 << 20)
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    sys.argv, environment, folder = json.loads(call)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    threading.Thread(target=end_with, args=[caller], daemon=True).start()
    status = 1
    try:
        cli()
        status = 0
    except SystemExit as end:
        status = 0 if end.code is None else end.code
        if not isinstance(status, int):
            print(status, file=sys.stderr)
            status = 1
    except BaseException as error:  # an interpreter that ends by it says so as well
        sys.excepthook(type(error), error, error.__traceback__)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        caller.sendall(bytes([status & 255]))
        os._exit(status & 255)


def end_with(caller: socket.socket) -> None:
    """Ends this process when the caller is gone."""
    if not caller.recv(1):
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    serve(sys.argv[1])
