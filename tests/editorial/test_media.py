"""What a look into media tells, of files as people have them: right, broken, and called what they are not."""

import io
import random
import struct
import tempfile
import zlib
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import av
import pytest
from PIL import Image

from include.desk.problems import Unfit
from include.editorial.media import look_into


def image(kind: str, size=(120, 80), **options) -> bytes:
    kept = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(kept, kind, **options)
    return kept.getvalue()


def video(
    kind: str = "mp4", seconds: float = 4, size=(64, 48), rate: int = 10, sound: bool = True, early: bool = True
) -> bytes:
    """A short film; `early` puts its tables before its pictures, so that a cut-off one still opens."""
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder, "film")
        _encode(film, kind, seconds, size, rate, sound, early)
        return film.read_bytes()


def _encode(where: Path, kind: str, seconds: float, size, rate: int, sound: bool, early: bool) -> None:
    noise = random.Random(7)
    with av.open(
        str(where), "w", format=kind, options={"movflags": "faststart"} if early and kind != "webm" else {}
    ) as film:
        picture = film.add_stream("libvpx" if kind == "webm" else "libx264", rate=rate)
        picture.width, picture.height, picture.pix_fmt = *size, "yuv420p"
        picture.time_base = Fraction(1, rate)
        voice = film.add_stream("aac", rate=44100, layout="stereo") if sound and kind != "webm" else None
        for number in range(int(seconds * rate)):
            frame = av.VideoFrame.from_image(Image.frombytes("RGB", size, noise.randbytes(size[0] * size[1] * 3)))
            frame.pts = number
            for packet in picture.encode(frame):
                film.mux(packet)
        for packet in picture.encode():
            film.mux(packet)
        for beat in range(4 if voice else 0):
            tone = av.AudioFrame(format="fltp", layout="stereo", samples=1024)
            tone.sample_rate, tone.pts = 44100, beat * 1024
            for plane in tone.planes:
                plane.update(bytes(plane.buffer_size))
            for packet in voice.encode(tone):
                film.mux(packet)


def look(content: bytes, name: str):
    return look_into(io.BytesIO(content), name)


@pytest.mark.parametrize(
    ("kind", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp"), ("GIF", "a.gif"), ("AVIF", "a.avif")]
)
def test_an_image_is_measured(kind, name):
    content = image(kind)
    facts = look(content, name)
    assert (facts.kind, facts.format, facts.width, facts.height) == ("image", kind.lower(), 120, 80)
    assert (facts.bytes, facts.animated, facts.seconds) == (len(content), False, None)


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_a_moving_image_is_known_as_one(kind):
    frames = [Image.effect_noise((20, 20), 60).convert("RGB") for _ in range(3)]
    assert look(image(kind, (20, 20), save_all=True, append_images=frames), f"a.{kind.lower()}").animated


def test_a_photo_taken_upright_is_upright():
    turned = Image.Exif()
    turned[0x0112] = 6
    facts = look(image("JPEG", exif=turned), "a.jpg")
    assert (facts.width, facts.height) == (80, 120)


def test_a_video_is_measured():
    facts = look(video(), "a.mp4")
    assert (facts.kind, facts.format, facts.width, facts.height) == ("video", "mp4", 64, 48)
    assert (facts.video_codec, facts.audio_codec, facts.frames_per_second) == ("h264", "aac", 10)
    assert facts.seconds == pytest.approx(4, abs=0.2)


def test_a_silent_film_of_the_web_is_measured():
    facts = look(video("webm"), "a.webm")
    assert (facts.format, facts.video_codec, facts.audio_codec) == ("webm", "vp8", "")


def test_a_camera_may_call_its_mov_mp4():
    assert look(video("mov"), "a.mp4").format == "mov"


def test_a_video_is_not_read_whole():
    class Counted(io.BytesIO):
        given = 0

        def read(self, size=-1):
            content = super().read(size)
            self.given += len(content)
            return content

    film = Counted(video(seconds=20, size=(320, 240), sound=False))
    look_into(film, "a.mp4")
    assert film.given < len(film.getvalue()) / 3


def cut(content: bytes, share: float = 0.6) -> bytes:
    return content[: int(len(content) * share)]


def bomb() -> bytes:
    """A PNG of 100 KB that would unpack to 10 GB."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 6, 0, 0, 0)
    body = zlib.compress(bytes(10_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:1/secret.ts\n#EXT-X-ENDLIST\n"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        pytest.param(b"", "a.jpg", "a.jpg is empty (0 bytes)", id="empty"),
        pytest.param(cut(image("JPEG")), "a.jpg", "a.jpg is damaged or cut off", id="cut-off jpeg"),
        pytest.param(cut(image("PNG")), "a.png", "a.png is damaged or cut off", id="cut-off png"),
        pytest.param(cut(image("WEBP")), "a.webp", "a.webp is damaged or cut off", id="cut-off webp"),
        pytest.param(cut(image("GIF")), "a.gif", "a.gif is damaged or cut off", id="cut-off gif"),
        pytest.param(cut(video()), "a.mp4", "a.mp4 is damaged or cut off", id="cut-off film"),
        pytest.param(cut(video(early=False)), "a.mp4", "a.mp4 is damaged or cut off", id="cut-off film, tables last"),
        pytest.param(cut(video("webm")), "a.webm", "a.webm is damaged or cut off", id="cut-off webm"),
        pytest.param(bomb(), "a.png", "more pixels than any network takes; save it smaller.", id="bomb"),
        pytest.param(b"%PDF-1.7 and so on", "a.jpg", "a.jpg is neither an image nor a video", id="pdf"),
        pytest.param(PLAYLIST, "a.mp4", "a.mp4 is neither an image nor a video", id="playlist"),
        pytest.param(b"\0\0\0\x18ftypheic" + bytes(40), "a.jpg", "a.jpg is a HEIC photo", id="heic"),
        pytest.param(image("PNG"), "a.jpg", "a.jpg is a PNG inside; call it a.png", id="png called jpg"),
        pytest.param(video(seconds=1), "a.gif", "a.gif is a MP4 inside; call it a.mp4", id="film called gif"),
    ],
)
def test_what_is_wrong_with_a_file_is_a_sentence(content, name, words):
    with pytest.raises(Unfit) as unfit:
        look(content, name)
    assert words in str(unfit.value)
    assert str(unfit.value).endswith(".")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "mp4", "webm"])
def test_broken_bytes_are_never_more_than_a_sentence(kind):
    content = bytearray(video(kind, seconds=1) if kind in ("mp4", "webm") else image(kind))
    for at in range(0, len(content), max(1, len(content) // 60)):
        broken = bytes([*content[:at], content[at] ^ 0xFF, *content[at + 1 :]])
        with suppress(Unfit):
            look(broken, "a.dat")


def test_a_name_without_an_ending_is_taken_as_it_is(tmp_path: Path):
    assert look(image("PNG"), "a").format == "png"
