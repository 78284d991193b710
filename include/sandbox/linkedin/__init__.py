"""LinkedIn's versioned REST API for organizations: posts, images, videos, comments and notifications.

LinkedIn publishes no machine-readable contract: written from learn.microsoft.com/linkedin/marketing (posts-api,
images-api, videos-api, multiimage-post-api, comments-api, little-text-format, versioning) and from error bodies that
its users quote, read on 2026-11-24.
"""

from include.sandbox.linkedin.api import serve

NATIVE_ID_DIGITS = 8

__all__ = ["NATIVE_ID_DIGITS", "serve"]
