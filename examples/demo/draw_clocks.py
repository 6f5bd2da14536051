"""Draws the pictures of ``clocks.zip``: ``python examples/demo/draw_clocks.py``."""  # noqa: INP001 - a script beside its data

import io
import math
import zipfile
from pathlib import Path

from PIL import Image, ImageDraw

_SIZE, _SCALE = 480, 2
_MINUTES = {"hour": 0, "past": 15, "half": 30, "to": 45}
_WHY = {
    "hour": "The long hand points up. / 긴바늘이 위를 가리켜요.",
    "past": "The long hand points to the right. / 긴바늘이 오른쪽을 가리켜요.",
    "half": "The long hand points down. / 긴바늘이 아래를 가리켜요.",
    "to": "The long hand points to the left. / 긴바늘이 왼쪽을 가리켜요.",
}
_PAPERS = ("#fbf3e4", "#e6f0ef", "#f4e7ea", "#eceafa")


def clock(hour: int, minute: int, paper: str) -> Image.Image:
    """A plain clock face."""
    size = _SIZE * _SCALE
    image = Image.new("RGB", (size, size), paper)
    draw = ImageDraw.Draw(image)
    middle, radius = size / 2, size * 0.42
    draw.ellipse(
        [middle - radius, middle - radius, middle + radius, middle + radius], fill="white", outline="#333333", width=14
    )
    for step in range(12):
        inner = 0.8 if step % 3 == 0 else 0.88
        _hand(draw, middle, step / 12, radius * inner, radius * 0.95, 10 if step % 3 == 0 else 5)
    _hand(draw, middle, (hour + minute / 60) / 12, 0, radius * 0.5, 22)
    _hand(draw, middle, minute / 60, 0, radius * 0.78, 12)
    draw.ellipse([middle - 18, middle - 18, middle + 18, middle + 18], fill="#333333")
    return image.resize((_SIZE, _SIZE), Image.Resampling.LANCZOS)


def _hand(draw: ImageDraw.ImageDraw, middle: float, turn: float, start: float, end: float, width: int) -> None:
    angle = 2 * math.pi * turn
    across, up = math.sin(angle), -math.cos(angle)
    line = [middle + across * start, middle + up * start, middle + across * end, middle + up * end]
    draw.line(line, fill="#333333", width=width)


def main() -> None:
    """Write the archive, the same each time."""
    rows = ["id,clock,gold,why"]
    with zipfile.ZipFile(Path(__file__).with_name("clocks.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(24):
            label = list(_MINUTES)[(number * 7 + number // 4) % 4]
            picture = io.BytesIO()
            face = clock(1 + number * 5 % 12, _MINUTES[label], _PAPERS[number % 4])
            face.quantize(64).save(picture, "PNG", optimize=True)
            name = f"clock-{number + 1:02}.png"
            archive.writestr(zipfile.ZipInfo(name), picture.getvalue())
            rows.append(f"c{number + 1:02},{name},{label},{_WHY[label]}")
        archive.writestr(zipfile.ZipInfo("clocks.csv"), "\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
