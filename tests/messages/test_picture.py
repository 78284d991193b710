"""Pictures of pages: every script shows, on a machine without fonts too, and nothing outside the page is read."""

import hashlib
import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from include.messages.picture import FONT_FAMILY, FONTS, font_css, to_png

ROOT = Path(__file__).resolve().parents[2]


def _page(body):
    return f"<meta charset=utf-8><style>{font_css()} body {{ font: 16px {FONT_FAMILY}; margin: 8px }}</style>{body}"


def _pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


@pytest.mark.parametrize(
    ("one", "other"),
    [("ກກກ", "ຂຂຂ"), ("กกก", "ขขข"), ("aaa", "bbb"), ("ααα", "βββ"), ("▲▲▲", "▼▼▼"), ("→→→", "≥≥≥"), ("⭐⭐", "✅✅")],
    ids=["Lao", "Thai", "Latin", "Greek", "arrows", "mathematics", "emoji"],
)
@pytest.mark.parametrize("tag", ["p", "b"])
def test_letters_are_letters_and_not_boxes(one, other, tag):
    """A font without a letter draws a box, and all boxes are alike."""
    shown, also, box = (to_png(_page(f"<{tag}>{text}</{tag}>"), width=200) for text in (one, other, "\U000f0000" * 3))
    assert shown != also
    assert shown != box


@pytest.mark.parametrize("text", ["ກາເຟ", "กาแฟ", "coffee", "καφές"])
def test_bold_is_bold_in_every_script(text):
    light, bold = (_pixels(to_png(_page(f"<{tag}>{text}</{tag}>"), width=200)) for tag in ("span", "b"))
    assert (bold < 128).sum() > 1.1 * (light < 128).sum()


def test_emoji_are_in_colour():
    pixels = _pixels(to_png(_page("❤️🎄"), width=120))
    colourful = (pixels.max(axis=2) - pixels.min(axis=2)) > 100
    assert colourful.mean() > 0.02


def test_every_emoji_of_the_list_is_in_the_font():
    known = TTFont(FONTS / "NotoColorEmoji.ttf").getBestCmap()
    wanted = set((FONTS / "emoji.txt").read_text(encoding="utf-8")) - {"\n"}
    assert not [sign for sign in wanted if ord(sign) not in known]


def test_every_emoji_that_we_write_is_on_the_list():
    listed = (FONTS / "emoji.txt").read_text(encoding="utf-8")
    written = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "include" / "messages").glob("*.py"))
    pictures = {sign for sign in written if "\U0001f000" <= sign <= "\U0001faff"}
    assert pictures
    assert not pictures - set(listed)


def test_a_machine_without_fonts_draws_the_same(tmp_path):
    body = _page("Bottega ☕ ກາເຟນ້ຳ <b>น้ำแข็ง</b> ▲ → ✓")
    (tmp_path / "fonts.conf").write_text('<?xml version="1.0"?><fontconfig></fontconfig>')
    (tmp_path / "page.html").write_text(body, encoding="utf-8")
    draw = (
        "import hashlib, pathlib; from include.messages.picture import to_png;"
        f"print(hashlib.sha256(to_png(pathlib.Path({str(tmp_path / 'page.html')!r}).read_text('utf-8'))).hexdigest())"
    )
    bare = {**os.environ, "FONTCONFIG_FILE": str(tmp_path / "fonts.conf")}
    run = subprocess.run([sys.executable, "-c", draw], cwd=ROOT, env=bare, capture_output=True, timeout=60, check=True)
    assert run.stdout.decode().strip() == hashlib.sha256(to_png(body)).hexdigest()


def test_a_picture_is_as_high_as_its_page():
    low, high = (_pixels(to_png(_page("<p>line</p>" * lines), width=300)) for lines in (1, 30))
    assert low.shape[1] == high.shape[1] == 600
    assert high.shape[0] > 10 * low.shape[0]
    assert (high[-200:] < 128).any(), "the last line is in the picture"


def test_a_page_of_a_thousand_lines_is_drawn_with_fewer_dots():
    pixels = _pixels(to_png(_page("<p>line</p>" * 1000), width=300))
    assert pixels.shape[0] <= 32_000
    assert pixels.shape[1] < 600


def test_an_empty_page_is_refused():
    with pytest.raises(ValueError, match="nothing on the page"):
        to_png("<body style='margin:0'></body>")


def test_nothing_outside_the_page_is_read(tmp_path):
    Image.new("RGB", (50, 50), "red").save(tmp_path / "red.png")
    pixels = _pixels(to_png(_page(f"<p>x</p><img src='file://{tmp_path}/red.png'>"), width=200))
    assert not ((pixels[..., 0] > 200) & (pixels[..., 1] < 50)).any()
