"""Instagram's content publishing over Graph v25.0: containers, resumable upload, publishing, comments, quota.

The account's id has 17 digits; the token is answered as one of the Page behind it (`GET /me`). What people posted by
hand is listed too, unless the account's settings say `"history": false`.
"""

from include.sandbox.instagram.graph import serve

NATIVE_ID_DIGITS = 17

__all__ = ["NATIVE_ID_DIGITS", "serve"]
