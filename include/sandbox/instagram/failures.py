"""How Instagram refuses: Graph's body with codes of its own.

Numbers and words from the page of error codes (developers.facebook.com/documentation/instagram-platform/
instagram-graph-api/reference/error-codes, read on 2026-11-24).
"""

from include.sandbox.facebook.failures import GraphError
from include.sandbox.facebook.failures import told as told_by_graph
from include.sandbox.faults import Fault

REFUSALS = {
    2207003: (-2, "Timeout", "It takes too long to download the media."),
    2207020: (-2, "Media Expired", "The media you are trying to access has expired. Please try to upload again."),
    2207051: (4, "Application request limit reached", "We restrict certain activity to protect our community."),
    2207042: (9, "Application request limit reached", "You reached maximum number of posts that is allowed."),
    2207006: (24, "Media not found", "The media with this id cannot be found."),
    2207023: (100, "Unknown media type", "The media type is unknown."),
    2207028: (100, "Carousel validation failed", "A carousel needs between 2 and 10 photos and videos."),
    2207040: (100, "Too many tags", "Cannot use more than 20 tags."),
    2207026: (352, "Unsupported video format", "The video format is not supported. Use MP4 or MOV."),
    2207052: (9004, "Media download failed", "The media could not be fetched from this URI: it must be public."),
    2207027: (9007, "Media not ready", "The media is not ready for publishing, please wait for a moment."),
    2207004: (36000, "Image size too large", "The image is too large to download. It should be less than 8 MiB."),
    2207005: (36001, "Image format not supported", "The image format is not supported. Use JPEG."),
    2207009: (36003, "Invalid aspect ratio", "The aspect ratio is not supported: between 4:5 and 1.91:1."),
    2207010: (36004, "Caption too long", "The caption was too long. It should be less than 2,200 characters."),
}  # fmt: skip


def refusal(subcode: int) -> GraphError:
    """The refusal that this subcode stands for; all of them are HTTP 400 OAuthException."""
    code, title, words = REFUSALS[subcode]
    return GraphError(title, code, subcode=subcode, title=title, advice=words, transient=False)


def told(fault: Fault) -> GraphError:
    """A fault of kind `status`: with one of Instagram's subcodes as its `code`, that refusal; else Graph's words."""
    subcode = int(fault.code) if fault.code.isdigit() else 0
    return refusal(subcode) if subcode in REFUSALS else told_by_graph(fault)
