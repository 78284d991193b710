"""Draws the pictures and the film of the example, ours like its shops: `python include/desk/example/draw_media.py`."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import matplotlib as mpl

mpl.use("Agg")

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Ellipse, FancyBboxPatch, Polygon, Rectangle
from PIL import Image

WIDTH, HEIGHT = 16.0, 9.0
FOLDER = Path(__file__).parent / "media"


def draw(name: str, scene: Callable[[Axes], None], ground: str) -> Path:
    """One picture of 960 x 540 points, in flat colours so that it stays small."""
    figure = plt.figure(figsize=(12, 6.75), dpi=80, facecolor=ground)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH), ylim=(0, HEIGHT))
    axes.axis("off")
    scene(axes)
    path = FOLDER / name
    figure.savefig(path, facecolor=ground, metadata={"Software": None}, pil_kwargs={"optimize": True})
    plt.close(figure)
    return path


def square(name: str, picture: Path) -> Path:
    """The middle of a picture as a JPEG of 1080 x 1080, the only kind that Instagram takes."""
    with Image.open(picture) as whole:
        left = (whole.width - whole.height) // 2
        part = whole.convert("RGB").crop((left, 0, left + whole.height, whole.height))
        part.resize((1080, 1080), Image.Resampling.LANCZOS).save(FOLDER / name, quality=82, optimize=True)
    return FOLDER / name


def film(name: str, picture: Path, seconds: int = 5, frames_per_second: int = 24) -> Path:
    """A slow walk towards the middle of a picture: an upright film of 720 x 1280 with a silent sound track."""
    with Image.open(picture) as whole, av.open(str(FOLDER / name), "w", options={"movflags": "faststart"}) as file:
        sight = whole.convert("RGB")
        video = file.add_stream("libx264", rate=frames_per_second, options={"crf": "30", "preset": "veryslow"})
        video.width, video.height, video.pix_fmt = 720, 1280, "yuv420p"
        sound = file.add_stream("aac", rate=44100, layout="mono")
        for number in range(seconds * frames_per_second):
            near = 1 - 0.25 * number / (seconds * frames_per_second)
            high = sight.height * near
            wide = high * 9 / 16
            box = ((sight.width - wide) / 2, (sight.height - high) / 2)
            frame = sight.resize((720, 1280), Image.Resampling.BICUBIC, (*box, box[0] + wide, box[1] + high))
            file.mux(video.encode(av.VideoFrame.from_ndarray(np.asarray(frame), format="rgb24")))
        for start in range(0, seconds * 44100, 1024):
            quiet = av.AudioFrame.from_ndarray(np.zeros((1, 1024), dtype=np.float32), format="fltp", layout="mono")
            quiet.sample_rate, quiet.pts, quiet.time_base = 44100, start, Fraction(1, 44100)
            file.mux(sound.encode(quiet))
        file.mux(video.encode(None))
        file.mux(sound.encode(None))
    return FOLDER / name


def wave(left: float, right: float, height: Callable[[np.ndarray], np.ndarray], floor: float) -> Polygon:
    """A shape with a level floor and a curved top."""
    x = np.linspace(left, right, 160)
    return Polygon([(left, floor), *zip(x, height(x), strict=True), (right, floor)], closed=True)


def coloured(shape: Polygon, colour: str, layer: float) -> Polygon:
    shape.set(facecolor=colour, edgecolor="none", zorder=layer)
    return shape


def snow(axes: Axes) -> None:
    random = np.random.default_rng(12)
    places = zip(random.uniform(0, 16, 46), random.uniform(2.6, 9, 46), random.uniform(0.03, 0.09, 46), strict=True)
    for x, y, size in places:
        axes.add_patch(Circle((x, y), size, facecolor="#8796a3", edgecolor="none", zorder=1))


def panettone(axes: Axes) -> None:
    """A panettone on a table in the evening: candied fruit in its crown, a red ribbon round its paper."""
    snow(axes)
    axes.add_patch(Rectangle((0, 0), 16, 2.1, color="#7c2f2c", zorder=2))
    axes.add_patch(Rectangle((0, 2.0), 16, 0.16, color="#94423c", zorder=2))
    axes.add_patch(Ellipse((8, 1.55), 9.4, 1.35, color="#5e2021", zorder=3))
    axes.add_patch(Ellipse((8, 1.75), 8.8, 1.15, color="#f6efe4", zorder=3))
    axes.add_patch(Ellipse((8, 1.8), 7.6, 0.85, color="#e6dac8", zorder=3))
    axes.add_patch(Ellipse((8, 5.75), 6.4, 4.5, color="#a95f26", zorder=4))
    axes.add_patch(Ellipse((8, 5.7), 5.8, 3.9, color="#c67d39", zorder=5))
    cracks(axes)
    fruit(axes)
    axes.add_patch(Rectangle((5.1, 1.75), 5.8, 3.6, color="#d9b27c", zorder=8))
    axes.add_patch(Ellipse((8, 1.75), 5.8, 0.6, color="#d9b27c", zorder=8))
    axes.add_patch(Ellipse((8, 5.35), 5.8, 0.6, color="#c67d39", zorder=9))
    for place in np.linspace(-2.6, 2.6, 11):
        sag = 0.3 * np.sqrt(1 - (place / 2.9) ** 2)
        axes.plot([8 + place] * 2, [1.85 - sag, 5.3 - sag], color="#c0955c", linewidth=3, zorder=8.5)
    axes.add_patch(coloured(band(5.1, 10.9, 3.0, 3.75, 0.3), "#b3202c", 11))
    bow(axes, 8, 3.1)


def band(left: float, right: float, low: float, high: float, sag: float) -> Polygon:
    """A ribbon round something round: both its edges sag towards the middle."""
    x = np.linspace(left, right, 80)
    droop = sag * np.sqrt(np.clip(1 - ((2 * x - left - right) / (right - left)) ** 2, 0, 1))
    return Polygon([*zip(x, high - droop, strict=True), *zip(x[::-1], (low - droop)[::-1], strict=True)], closed=True)


def cracks(axes: Axes) -> None:
    """The cross that the baker cut into the crown, opened by the oven."""
    x = np.linspace(-2.3, 2.3, 60)
    for colour, width in (("#8a4a1d", 13), ("#e0a861", 6)):
        axes.plot(8 + x, 7.0 - 0.16 * x**2, color=colour, linewidth=width, solid_capstyle="round", zorder=6)
        axes.plot([8, 8.1, 8.05], [7.65, 6.95, 6.0], color=colour, linewidth=width, solid_capstyle="round", zorder=6)


def bow(axes: Axes, x: float, y: float) -> None:
    for side in (-1, 1):
        loop = [(x, y), (x + side * 1.25, y + 0.75), (x + side * 1.45, y), (x + side * 1.25, y - 0.7)]
        tail = [(x, y), (x + side * 0.55, y - 1.35), (x + side * 0.95, y - 1.1), (x + side * 1.1, y - 1.45)]
        axes.add_patch(coloured(Polygon(tail), "#8f1823", 12))
        axes.add_patch(coloured(Polygon(loop), "#cf3440", 13))
    axes.add_patch(Circle((x, y), 0.3, color="#8f1823", zorder=14))


def fruit(axes: Axes) -> None:
    colours = ["#4f2417", "#eda63c", "#a8283a", "#4f2417", "#6f8f3f"]
    places = [(5.75, 6.2), (6.9, 6.3), (7.2, 7.2), (8.8, 7.15), (9.3, 6.4), (10.1, 6.2), (5.7, 5.9), (7.4, 6.0)]
    places += [(8.75, 6.1), (9.7, 6.75), (6.4, 6.75), (10.5, 5.75), (6.5, 5.85), (9.4, 5.8)]
    for number, place in enumerate(places):
        colour = colours[number % len(colours)]
        axes.add_patch(Ellipse(place, 0.36, 0.25, angle=number * 50, color=colour, zorder=7))


def coffee_cup(axes: Axes) -> None:
    """A cup of coffee with steam on a wooden table, beans beside it."""
    axes.add_patch(Circle((8, 5.4), 4.6, color="#f2c879", zorder=1))
    axes.add_patch(Rectangle((0, 0), 16, 2.4, color="#8a5a3b", zorder=2))
    for y in (0.55, 1.2, 1.85):
        axes.plot([0, 16], [y, y], color="#774a2f", linewidth=3, zorder=3)
    axes.add_patch(Ellipse((8, 1.75), 8.4, 1.35, color="#6d4128", zorder=4))
    axes.add_patch(Ellipse((8, 1.95), 7.6, 1.15, color="#fbf6ee", zorder=5))
    axes.add_patch(Ellipse((8, 2.0), 5.2, 0.7, color="#e5d9c6", zorder=6))
    axes.add_patch(Ellipse((11.0, 4.0), 2.3, 2.2, facecolor="none", edgecolor="#1f6f6b", linewidth=26, zorder=6))
    x = np.linspace(5.0, 11.0, 160)
    bottom = 5.5 - 3.6 * np.power(np.clip(1 - ((x - 8) / 3.0) ** 2, 0, 1), 0.42)
    bowl = Polygon([(5.0, 5.5), *zip(x, bottom, strict=True), (11.0, 5.5)], closed=True)
    axes.add_patch(coloured(bowl, "#2a8a84", 7))
    shade = np.linspace(9.2, 11.0, 80)
    under = 5.5 - 3.6 * np.power(np.clip(1 - ((shade - 8) / 3.0) ** 2, 0, 1), 0.42)
    axes.add_patch(coloured(Polygon([(9.9, 5.5), *zip(shade, under, strict=True)], closed=True), "#1f6f6b", 8))
    axes.add_patch(Ellipse((8, 5.5), 6.0, 1.25, color="#f7efe2", zorder=9))
    axes.add_patch(Ellipse((8, 5.45), 5.4, 1.0, color="#4a2614", zorder=10))
    axes.add_patch(Ellipse((7.6, 5.52), 3.2, 0.5, color="#7b4826", zorder=11))
    axes.add_patch(Ellipse((7.6, 5.52), 2.0, 0.28, color="#c08a55", zorder=12))
    for place, tall in ((6.9, 1.9), (8.0, 2.5), (9.1, 1.9)):
        rise = np.linspace(6.1, 6.1 + tall, 80)
        axes.plot(
            place + 0.22 * np.sin(3.2 * rise), rise, color="#fbedd3", linewidth=9, solid_capstyle="round", zorder=13
        )
    for x_bean, y_bean, turn in ((2.2, 1.3, 25), (3.3, 0.8, -20), (13.1, 1.5, 40), (14.2, 0.9, -35), (12.3, 0.6, 5)):
        bean(axes, x_bean, y_bean, turn)


def bean(axes: Axes, x: float, y: float, turn: float) -> None:
    axes.add_patch(Ellipse((x, y), 1.0, 0.66, angle=turn, color="#3b1d10", zorder=14))
    along = np.linspace(-0.42, 0.42, 30)
    bend = 0.07 * np.sin(along * 7)
    cos, sin = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    axes.plot(x + along * cos - bend * sin, y + along * sin + bend * cos, color="#8a5a3b", linewidth=3, zorder=15)


def mekong_evening(axes: Axes) -> None:
    """The Mekong at dusk: hills, a low sun on the water, a long boat."""
    for floor, colour in ((6.9, "#f4a259"), (5.9, "#f7b76d"), (4.9, "#fbd08f")):
        axes.add_patch(Rectangle((0, 0), 16, floor, color=colour, zorder=1))
    axes.add_patch(Circle((10.6, 4.9), 1.25, color="#fff1c9", zorder=2))
    far = wave(0, 16, lambda x: 5.1 + 0.55 * np.sin(0.9 * x + 1) + 0.25 * np.sin(2.3 * x), 3.4)
    near = wave(0, 16, lambda x: 4.2 + 0.5 * np.sin(0.6 * x + 3.6) + 0.22 * np.sin(1.7 * x), 3.4)
    axes.add_patch(coloured(far, "#b5657a", 3))
    axes.add_patch(coloured(near, "#7a4069", 4))
    axes.add_patch(Rectangle((0, 0), 16, 3.7, color="#4b3b68", zorder=5))
    random = np.random.default_rng(3)
    for step in range(17):
        y, reach = 3.55 - step * 0.2, 0.5 + 0.13 * step
        x = 10.6 + random.uniform(-0.25, 0.25)
        axes.plot([x - reach, x + reach], [y, y], color="#f7b76d", linewidth=5, solid_capstyle="round", zorder=6)
    for _ in range(26):
        x, y, long = random.uniform(0, 16), random.uniform(0.2, 3.3), random.uniform(0.3, 1.0)
        axes.plot([x, x + long], [y, y], color="#66558a", linewidth=4, solid_capstyle="round", zorder=6)
    hull = [(2.2, 2.35), (3.0, 1.5), (8.0, 1.5), (9.3, 2.6), (8.1, 2.1), (3.2, 2.1)]
    axes.add_patch(coloured(Polygon(hull), "#1f1730", 8))
    axes.add_patch(FancyBboxPatch((4.0, 2.85), 2.6, 0.12, boxstyle="round,pad=0.12", color="#1f1730", zorder=8))
    for post in (4.1, 5.3, 6.5):
        axes.plot([post, post], [2.0, 2.9], color="#1f1730", linewidth=5, zorder=8)
    axes.add_patch(Circle((7.4, 2.85), 0.2, color="#1f1730", zorder=9))
    axes.add_patch(Polygon([(7.15, 2.0), (7.65, 2.0), (7.55, 2.7), (7.25, 2.7)], color="#1f1730", zorder=9))


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for drawn in (draw("panettone.png", panettone, "#22364a"), draw("coffee-cup.png", coffee_cup, "#f6e3bd")):
        square(f"{drawn.stem}.jpg", drawn)
    film("panettone.mp4", FOLDER / "panettone.png")
    draw("mekong-evening.png", mekong_evening, "#ee8b57")
