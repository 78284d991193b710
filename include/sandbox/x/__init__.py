"""X's API v2: posts, users and media, as its OpenAPI description (2.166) and docs.x.com document them."""

from include.sandbox.x.api import serve

NATIVE_ID_DIGITS = 19

__all__ = ["NATIVE_ID_DIGITS", "serve"]
