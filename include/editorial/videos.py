"""What a video is, by its tables: codecs, size as it is seen, frames per second, length, whether its end is there.

Only the last second or so of packets is read, and no frame is drawn. The container is told by its first bytes and
named to FFmpeg, for left to guess it would also follow playlists, which lead to other files and to the web.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

import av

from include.desk.problems import Unfit
from include.domain.posts import MediaFacts

MOST_PACKETS = 20_000
_LITTLE = {"probesize": "1000000"}  # bytes that FFmpeg may read before it knows the streams
_MICROSECONDS = 1_000_000
_NO_VIDEO = "holds no moving picture; use an image or a video file."
_DAMAGED = "is damaged or cut off: it does not play to its end; export it anew."


def container(head: bytes) -> str:
    """FFmpeg's name of the container that begins so, empty where it is none that the networks know."""
    if head[4:8] == b"ftyp":
        return "mov"
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip"):
        return "mov"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "matroska"
    if head.startswith(b"RIFF") and head[8:12] == b"AVI ":
        return "avi"
    return "mpeg" if head.startswith(b"\x00\x00\x01\xba") else ""


def video_facts(file: BinaryIO, size: int) -> MediaFacts | None:
    """What is in the video; None where the file is of another kind. Raises Unfit where it is broken."""
    file.seek(0)
    head = file.read(64)
    kind = container(head)
    if not kind:
        return None
    file.seek(0)
    try:
        with av.open(file, format=kind, options=_LITTLE, metadata_errors="replace") as opened:
            return _looked_into(opened, _format(kind, head), size)
    except Unfit:
        raise
    except Exception as error:  # a broken file's numbers fail wherever they are first used
        raise Unfit(_DAMAGED) from error


def _looked_into(opened: Any, kind: str, size: int) -> MediaFacts:
    if not opened.streams.video:
        raise Unfit(_NO_VIDEO)
    stream = opened.streams.video[0]
    codec = stream.codec_context
    if not codec.width or not codec.height:
        raise Unfit(_DAMAGED)
    audio = opened.streams.audio[0].codec_context.name if opened.streams.audio else ""
    width, height = codec.width, codec.height
    seconds = _seconds(opened, stream)
    rate = float(stream.average_rate) if stream.average_rate else None
    if seconds and not _reaches(opened, stream, seconds):
        raise Unfit(_DAMAGED)
    if _lies_on_its_side(opened, stream):
        width, height = height, width
    return MediaFacts(
        "video",
        kind,
        size,
        width,
        height,
        seconds=round(seconds, 3) if seconds else None,
        frames_per_second=round(rate, 3) if rate else None,
        video_codec=codec.name,
        audio_codec=audio,
    )


def _format(kind: str, head: bytes) -> str:
    if kind == "mov":
        return "mov" if head[8:12] == b"qt  " or head[4:8] != b"ftyp" else "mp4"
    return "webm" if kind == "matroska" and b"webm" in head else kind


def _seconds(opened: Any, stream: Any) -> float | None:
    if opened.duration:
        return float(opened.duration) / _MICROSECONDS
    return float(stream.duration * stream.time_base) if stream.duration else None


def _reaches(opened: Any, stream: Any, seconds: float) -> bool:
    """Whether the packets go on to where the tables say that the video ends."""
    opened.seek(int(max(seconds - 1, 0) * _MICROSECONDS), any_frame=True)
    begun = (opened.start_time or 0) / _MICROSECONDS
    ends = list(islice(_ends(opened, stream), MOST_PACKETS))
    return len(ends) == MOST_PACKETS or max(ends, default=0.0) - begun >= seconds - max(1.0, seconds * 0.05)


def _ends(opened: Any, stream: Any) -> Iterator[float]:
    """When each packet of the picture ends, in seconds."""
    for packet in opened.demux(stream):
        if packet.pts is not None:
            yield float((packet.pts + (packet.duration or 0)) * packet.time_base)


def _lies_on_its_side(opened: Any, stream: Any) -> bool:
    """Whether a player turns the picture by a quarter. The first frame says so."""
    opened.seek(0)
    first = next((packet for packet in opened.demux(stream) if packet.size), None)
    frames = [*first.decode(), *stream.codec_context.decode(None)] if first else []
    return bool(frames) and int(frames[0].rotation) % 180 != 0
