"""Free ports of the loopback interface."""

import secrets
import socket

LOOPBACK = "127.0.0.1"

# Below the range from which Linux takes the ports of outgoing connections (32768 and up): a server that
# comes back after a crash must not find its port taken by a passing client.
SERVER_PORTS = range(20000, 32000)


class NoFreePort(Exception):
    """Every port that was tried is taken."""


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of 127.0.0.1 now; ports in TIME_WAIT count as free."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def pick(*, preferred: int | None = None) -> int:
    """The preferred port when it is free, else a free one drawn from `SERVER_PORTS`.

    Raises NoFreePort after 200 draws.
    """
    if preferred is not None and is_free(preferred):
        return preferred
    for _ in range(200):
        port = SERVER_PORTS[secrets.randbelow(len(SERVER_PORTS))]
        if is_free(port):
            return port
    raise NoFreePort(f"no free port between {SERVER_PORTS.start} and {SERVER_PORTS.stop - 1}")


def answers(port: int) -> bool:
    """Whether something accepts connections on this port of 127.0.0.1."""
    try:
        socket.create_connection((LOOPBACK, port), timeout=1.0).close()
    except OSError:
        return False
    return True
