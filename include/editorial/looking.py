"""Looks into the media of posts, each only once: what an earlier import found in the same bytes is taken from it."""

import hashlib
import math
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import quote

from include.desk.problems import Unfit
from include.domain.errors import PlatformError
from include.domain.posts import Media, MediaFacts
from include.editorial.media import look_into

Fetch = Callable[[Media], AbstractContextManager[BinaryIO]]
"""Opens what lies at an address of the web. Raises a PlatformError, whose words say why not."""


@dataclass(slots=True)
class Looker:
    """Fills in what is known of media: `facts`, and `public_url`, where a network itself can fetch it.

    `folder` is the desk's, `base` the public address under which that folder can be fetched (empty: there is none).
    `known` are facts of earlier imports by digest. Without `fetch`, what lies on the web is not looked into. What is
    fetched from there may take `seconds` in all; what is left by then is looked at next time, so that of a plan with
    many videos each import takes in some more.
    """

    folder: Path
    base: str = ""
    fetch: Fetch | None = None
    known: Mapping[str, MediaFacts] = field(default_factory=dict)
    seconds: float = math.inf
    clock: Callable[[], float] = time.monotonic
    found: dict[str, MediaFacts | Unfit | None] = field(default_factory=dict)
    spent: float = 0.0

    def look(self, media: Media) -> Media:
        """The media with what is known of it. Raises Unfit with what is wrong with the file."""
        digest = media.digest or media.source
        facts = self.known.get(digest)
        if facts is None:
            if digest not in self.found:
                self.found[digest] = self._measured(media)
            found = self.found[digest]
            if isinstance(found, Unfit):
                raise found
            facts = found
        return replace(media, facts=facts, public_url=self.public_url(media))

    def public_url(self, media: Media) -> str:
        """Where the network itself can fetch it: below `base` for a file of the desk, its own address on the web."""
        if media.is_web:
            return media.source
        file, folder = Path(media.source), self.folder.resolve()
        if not self.base or not file.is_relative_to(folder):
            return ""
        return f"{self.base}/{quote(file.relative_to(folder).as_posix())}"

    def _measured(self, media: Media) -> MediaFacts | Unfit | None:
        try:
            if media.is_web:
                return self._fetched(media)
            with Path(media.source).open("rb") as file:
                return look_into(file, media.name)
        except Unfit as unfit:
            return unfit
        except OSError as error:
            return Unfit(f"{media.name} cannot be read ({error.strerror}); put the file there anew.")
        except PlatformError as error:
            return Unfit(str(error).removeprefix(": "))

    def _fetched(self, media: Media) -> MediaFacts | None:
        if self.fetch is None:
            return None
        if self.spent >= self.seconds:
            raise Unfit(f"{media.name} was not looked at yet, for others took long; the next import does. Leave it so.")
        began = self.clock()
        try:
            with self.fetch(media) as file:
                facts = look_into(file, media.name)
                file.seek(0)
                return replace(facts, sha256=hashlib.file_digest(cast(Any, file), "sha256").hexdigest())
        finally:
            self.spent += self.clock() - began
