"""What all hooks have in common: an account's connection, read when it is first needed, and the session over it."""

from typing import ClassVar

from platforms.transport.access import Access, read_connection
from platforms.transport.remembered import remembered
from platforms.transport.session import Session


class Connected:
    """One account. Building it has no effect: no network, no look-up of the connection.

    `conn_id` is the account's key. Tests hand in `access`, or a whole `session`.
    """

    default_host: ClassVar[str]

    def __init__(self, conn_id: str, *, access: Access | None = None, session: Session | None = None) -> None:
        self.conn_id = conn_id
        self._access = access
        self._session = session

    @remembered
    def access(self) -> Access:
        return self._access or read_connection(self.conn_id, self.default_host)

    @remembered
    def session(self) -> Session:
        return self._session or self.open_session(self.access)

    @property
    def requests_made(self) -> int:
        """How many requests this hook has sent, retries included."""
        return self.session.requests_made if "session" in self.__dict__ else 0

    def open_session(self, access: Access) -> Session:
        """How this platform is spoken to."""
        raise NotImplementedError
