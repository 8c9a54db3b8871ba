"""Is the port free, and if not, who has it and what then?"""

from __future__ import annotations

import errno
import socket

import psutil


class PortBusy(RuntimeError):
    """The port cannot be had; the text says who has it and the way out."""


def require_free(host: str, port: int) -> None:
    """Return when we could listen here. Raises PortBusy."""
    problem = _try_to_listen(host, port)
    if problem is None:
        return
    if problem.errno == errno.EADDRINUSE:
        free = next((other for other in range(port + 1, port + 100) if _try_to_listen(host, other) is None), port + 1)
        raise PortBusy(f"Port {port} is busy{_holder(port)}. Stop that, or choose another: bin/up --port {free}")
    raise PortBusy(f"Cannot listen on {host} port {port}: {problem.strerror}. Choose another with --host and --port.")


def _try_to_listen(host: str, port: int) -> OSError | None:
    if not 0 < port < 65536:
        return OSError(errno.EINVAL, "a port is a number from 1 to 65535")
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
            probe.listen(1)
    except OSError as error:
        return error
    return None


def _holder(port: int) -> str:
    """Name the process that listens on the port, if we may know it."""
    try:
        for link in psutil.net_connections(kind="tcp"):
            if link.status == psutil.CONN_LISTEN and link.laddr and link.laddr.port == port and link.pid:
                return f" ({psutil.Process(link.pid).name()}, process {link.pid})"
    except (psutil.Error, OSError):
        pass
    return ""
