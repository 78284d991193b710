"""What kind of image or video some bytes are, by how they begin."""

import struct

SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)


def kind_of(content: bytes) -> str | None:
    """The MIME type, None for what is neither an image nor a video known here."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp":
        return "video/quicktime" if content[8:10] == b"qt" else "video/mp4"
    return next((mime for start, mime in SIGNATURES if content.startswith(start)), None)


def size_of(content: bytes) -> tuple[int, int]:
    """Width and height in pixels of a PNG, GIF or JPEG; (0, 0) when they cannot be read."""
    try:
        if content.startswith(b"\x89PNG"):
            width, height = struct.unpack(">II", content[16:24])
            return width, height
        if content.startswith(b"GIF8"):
            width, height = struct.unpack("<HH", content[6:10])
            return width, height
        return _jpeg_size(content)
    except struct.error:
        return 0, 0


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """Walk a JPEG's segments to its frame header, which holds the size."""
    at = 2
    while content[at : at + 1] == b"\xff" and at + 9 < len(content):
        marker, length = struct.unpack(">BH", content[at + 1 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return 0, 0
