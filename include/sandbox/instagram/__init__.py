"""Instagram's content publishing over Graph v25.0: containers, resumable upload, publishing, comments, quota.

The account's id has 17 digits; the token is answered as one of the Page behind it (`GET /me`). The seeded world has no
Instagram posts: what is listed came through the API.
"""

from include.sandbox.instagram.graph import serve

NATIVE_ID_DIGITS = 17

__all__ = ["NATIVE_ID_DIGITS", "serve"]
