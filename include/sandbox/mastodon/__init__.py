"""Mastodon's REST API, as the OpenAPI description (4.7.0), docs.joinmastodon.org and its own source have it.

All accounts live on one host, yet each has the limits of an instance of its own: its setting `instance`
(`{"max_characters": 5000, "image_size_limit": ...}`).
"""

from include.sandbox.mastodon.api import serve

NATIVE_ID_DIGITS = 18

__all__ = ["NATIVE_ID_DIGITS", "serve"]
