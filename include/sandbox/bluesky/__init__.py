"""Bluesky: a personal data server and the video service, as the AT Protocol's lexicons and docs.bsky.app have them.

An account's handle is its setting `handle`, else its name as a host below `.test`. Its token is its app password.
"""

from include.sandbox.bluesky.api import serve
from include.sandbox.bluesky.identity import native_id

__all__ = ["native_id", "serve"]
