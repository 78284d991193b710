"""Facebook's Graph API for Pages, as v25.0 documents it; other versions are answered alike and counted."""

from include.sandbox.facebook.graph import serve

__all__ = ["serve"]
