"""A port to listen on, found before anybody needs it."""

import socket

LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port(preferred: int, *, taken: set[int] | None = None) -> int:
    """`preferred` if nobody listens there, else the next free one of the hundred after it."""
    for port in range(preferred, min(preferred + 100, 65536)):
        if port not in (taken or set()) and is_free(port):
            return port
    raise OSError(f"No free port from {preferred} to {preferred + 99} on {LOOPBACK}; end what listens there.")
