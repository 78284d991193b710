"""Which addresses media may come from, and a connection that goes to the very address that was checked.

Whoever writes an address into the calendar could otherwise make the desk read what only this machine can see: a cloud's
metadata service, a database, a neighbour. A name is resolved once, every address behind it is checked, and the
connection goes to one of those: a name that answers differently the second time (DNS rebinding) gains nothing.
No proxy is used, for a proxy would resolve the name itself.
"""

import http.client
import ipaddress
import os
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

import certifi

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]

_CLOSED = tuple(
    ipaddress.ip_network(text)
    for text in (
        "192.0.0.0/24",  # RFC 6890: for protocols, a gateway's own address above all
        "fec0::/10",  # RFC 3879: site-local, given up and still routed in some networks
    )
)
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)  # RFC 5214: the third quarter of an address that has an IPv4 one in its last
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address in its last 32 bits


class OutOfBounds(Exception):
    """The address is not of the public web; the message says which one."""


def loopback_allowed() -> bool:
    """Whether media may come from this machine (`DESK_MEDIA_LOOPBACK`), as the sandbox's do. Platforms know nothing of
    the desk's settings, so this reads the environment itself, with the words that `include/settings.py` takes."""
    return os.environ.get("DESK_MEDIA_LOOPBACK", "").lower() in ("1", "true", "yes")


def resolved(name: str, port: int) -> list[str]:
    """Every address of a name. Raises OSError where there is none."""
    return [str(found[4][0]) for found in socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)]


def checked(scheme: str, addresses: Sequence[str], *, loopback: bool) -> None:
    """Raises OutOfBounds unless every one of `addresses` may be asked: https on the public web; and, where `loopback`
    is allowed, this machine itself, over http too."""
    for text in addresses:
        address = ipaddress.ip_address(text.partition("%")[0])
        if loopback and all(part.is_loopback for part in _inner(address)):
            continue
        if not all(_is_public(part) for part in _inner(address)):
            raise OutOfBounds(f"{text} is no address of the public web")
        if scheme != "https":
            raise OutOfBounds("it is not encrypted; use https://")


class Connection(http.client.HTTPConnection):
    """Speaks for `name`, over TLS where `secure`, on a connection to `addresses` and to nothing else."""

    def __init__(self, name: str, port: int, *, secure: bool, addresses: Sequence[str], timeout: float) -> None:
        super().__init__(name, port, timeout=timeout)
        self.default_port = http.client.HTTPS_PORT if secure else http.client.HTTP_PORT  # else Host names the port
        self._secure, self._addresses = secure, addresses
        self._is_cut = False
        self._wire: socket.socket | None = None  # `sock` is taken away once the answer's headers are read

    def connect(self) -> None:
        self.sock = self._wire = self._reached()
        self._go_on()
        if self._secure:
            trust = ssl.create_default_context(cafile=os.environ.get("REQUESTS_CA_BUNDLE") or certifi.where())
            tls = trust.wrap_socket(self._wire, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock = self._wire = tls
            tls.do_handshake()

    def cut(self) -> None:
        """End it from another thread, for good: whoever waits for a byte stops waiting."""
        self._is_cut = True
        if self._wire is not None:
            with suppress(OSError):
                socket.socket.shutdown(self._wire, socket.SHUT_RDWR)

    def _reached(self) -> socket.socket:
        failure: OSError = OSError("no address")
        for address in self._addresses:
            self._go_on()
            try:
                return socket.create_connection((address, self.port), self.timeout)
            except OSError as error:
                failure = error
        raise failure

    def _go_on(self) -> None:
        if self._is_cut:
            raise TimeoutError("It was cut before it was made.")


def _is_public(address: Address) -> bool:
    if any(address in network for network in _CLOSED):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inner(address: Address) -> Iterator[Address]:
    """The address, or the IPv4 addresses that an IPv6 one leads to (mapped, 6to4, Teredo, NAT64); both for ISATAP,
    whose first half is an address like any other's."""
    if isinstance(address, ipaddress.IPv4Address):
        yield address
        return
    inside = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    inside += [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)] if address in _NAT64 else []
    leads_to = [part for part in inside if part is not None]
    yield from leads_to or [address]
    if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
        yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
