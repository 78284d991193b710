"""What an image shows without being drawn whole: its kind, its size as it is seen, whether it moves, whether it is all
there. Bounded in memory: a picture of more pixels than any network takes is not unpacked.
"""

import warnings
from typing import BinaryIO

from PIL import Image, ImageFile, UnidentifiedImageError

from include.desk.problems import Unfit
from include.domain.posts import MediaFacts

MOST_PIXELS = 60_000_000  # of one frame; LinkedIn takes the most that is known, 36 million
MOST_SCALED_PIXELS = 300_000_000  # of a JPEG, which is unpacked at an eighth of its size
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF")

_TURNED = (5, 6, 7, 8)  # EXIF orientations that lay a picture on its side
_ORIENTATION = 0x0112


def image_facts(file: BinaryIO, size: int) -> MediaFacts | None:
    """What is in the image; None where it is no image. Raises Unfit where it is broken, or too large to look at."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limits here are narrower
            with Image.open(file, formats=FORMATS) as image:
                return _looked_into(image, size)
    except UnidentifiedImageError:
        return None
    except Image.DecompressionBombError:
        raise Unfit("would unpack to more pixels than any network takes; save it smaller.") from None
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError) as error:
        raise Unfit("is damaged or cut off: it cannot be shown whole; export it anew.") from error


def _looked_into(image: Image.Image, size: int) -> MediaFacts:
    kind = (image.format or "").lower()
    width, height = image.size
    most = MOST_SCALED_PIXELS if kind == "jpeg" else MOST_PIXELS
    if width * height > most:
        raise Unfit(f"has {width:,} × {height:,} pixels, more than any network takes; save it smaller.")
    moves = bool(getattr(image, "is_animated", False))
    if image.getexif().get(_ORIENTATION) in _TURNED:
        width, height = height, width
    image.draft(
        "RGB", (max(width // 8, 1), max(height // 8, 1))
    )  # a JPEG's pixels by eighths: enough to see whether all is there
    image.seek(0)
    image.load()
    return MediaFacts("image", kind, size, width, height, animated=moves)
