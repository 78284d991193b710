"""A page as a picture, for those who are not in Slack and for looking at what was sent.

PlutoPrint (PlutoBook) lays out HTML without a browser. The fonts come from this package, so that a picture is the
same on every machine, in every script that we write.
"""

import base64
import functools
import io
import math
from pathlib import Path
from typing import Any

FONTS = Path(__file__).parent / "fonts"

# Family, file, weight. Emoji come last: the colour font would else take characters that the letters have too.
_FACES = (
    ("Noto Sans", "NotoSans-Regular.ttf", 400),
    ("Noto Sans", "NotoSans-Bold.ttf", 700),
    ("Noto Sans Lao", "NotoSansLao-Regular.ttf", 400),
    ("Noto Sans Lao", "NotoSansLao-Bold.ttf", 700),
    ("Noto Sans Thai", "NotoSansThai-Regular.ttf", 400),
    ("Noto Sans Thai", "NotoSansThai-Bold.ttf", 700),
    ("Noto Sans Symbols2", "NotoSansSymbols2-Regular.ttf", 400),
    ("Noto Sans Math", "NotoSansMath-Regular.ttf", 400),
    ("Noto Color Emoji", "NotoColorEmoji.ttf", 400),
)

FONT_FAMILY = ", ".join(f'"Desk {name}"' for name in dict.fromkeys(face[0] for face in _FACES)) + ", sans-serif"
"""The value of a CSS `font-family` that uses the faces of `font_css`."""

_TALLEST = 32_000  # pixels: the canvas ends at 32,767


@functools.cache
def font_css() -> str:
    """@font-face rules with the fonts inside (about 1.5 MB), for the `<style>` of a page with `FONT_FAMILY`."""
    return "\n".join(_face(*face) for face in _FACES)


def _face(name: str, file: str, weight: int) -> str:
    data = base64.b64encode((FONTS / file).read_bytes()).decode()
    source = f"url(data:font/ttf;base64,{data}) format('truetype')"
    return f'@font-face {{ font-family: "Desk {name}"; font-weight: {weight}; src: {source}; }}'


def to_png(html: str, *, width: int = 720, scale: float = 2.0) -> bytes:
    """Draw a page as PNG: `width` CSS pixels wide, as high as its content, `scale` dots per CSS pixel.

    Only what is in the page is drawn (`data:` addresses): nothing is read from a disk or a network. A page too high
    for one picture is drawn with fewer dots. Raises ValueError for a page without height.
    """
    import plutoprint  # noqa: PLC0415 - a native library of 20 MB: only for those who draw

    book = plutoprint.Book(
        plutoprint.PageSize(width * plutoprint.UNITS_PX, width * plutoprint.UNITS_PX),
        plutoprint.PAGE_MARGINS_NONE,
        plutoprint.MEDIA_TYPE_SCREEN,
    )
    book.custom_resource_fetcher = _only_inside(plutoprint)
    book.load_html(html)
    height = math.ceil(book.get_document_height())
    if height < 1:
        raise ValueError("There is nothing on the page to draw: its content has no height.")
    return _draw(plutoprint, book, width, height, min(scale, _TALLEST / height))


def _draw(plutoprint: Any, book: Any, width: int, height: int, scale: float) -> bytes:
    written = io.BytesIO()
    with plutoprint.ImageCanvas(round(width * scale), round(height * scale)) as canvas:
        canvas.clear_surface(1, 1, 1)
        canvas.scale(scale, scale)
        book.render_document(canvas)
        canvas.write_to_png_stream(written)
    return written.getvalue()


def _only_inside(plutoprint: Any) -> Any:
    class OnlyInside(plutoprint.ResourceFetcher):  # type: ignore[misc]
        def fetch_url(self, url: str) -> Any:
            if url.startswith("data:"):
                return plutoprint.default_resource_fetcher.fetch_url(url)
            return plutoprint.ResourceData(b"", "text/plain", "utf-8")

    return OnlyInside()
