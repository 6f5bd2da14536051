"""Pictures: what is taken, what is refused, what becomes of them; and the store that keeps them by content."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from db.session import Database
from tasks.projects.media import MediaLostError, MediaStore, keeping, looking
from tasks.projects.pictures import (
    AnimatedPictureError,
    BrokenPictureError,
    HeavyPictureError,
    HugePictureError,
    NarrowPictureError,
    NotAPictureError,
    PictureError,
    made_small,
)


def noise(width: int, height: int) -> Image.Image:
    """A photograph, for an encoder."""
    grey = Image.effect_noise((width, height), 80)
    return Image.merge("RGB", (grey, grey.rotate(90, expand=False), grey.rotate(180)))


def encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def opened(raw: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(raw))
    image.load()
    return image


# --------------------------------------------------------------------------- what becomes of a picture


def test_a_photograph_is_made_small() -> None:
    small = made_small(encoded(noise(3000, 2000), "JPEG"), "a.jpg")
    assert (small.width, small.height, small.suffix) == (1280, 853, ".jpg")
    assert opened(small.raw).size == (1280, 853)


def test_a_small_picture_keeps_its_size() -> None:
    assert made_small(encoded(noise(600, 400), "JPEG"), "a.jpg").width == 600


def test_a_picture_stands_upright_and_tells_nothing_of_its_maker() -> None:
    about = Image.Exif()
    about[0x0112] = 6
    about[0x010F] = "Phone of Kim"
    raw = encoded(noise(800, 400), "JPEG", exif=about, comment=b"secret", icc_profile=b"profile")
    small = made_small(raw, "a.jpg")
    assert (small.width, small.height) == (400, 800)
    assert not opened(small.raw).getexif()
    assert b"Kim" not in small.raw
    assert b"secret" not in small.raw
    assert b"profile" not in small.raw


def test_a_drawing_stays_sharp() -> None:
    drawing = Image.new("RGB", (1000, 800), "white")
    drawing.paste("red", (100, 100, 300, 300))
    assert made_small(encoded(drawing, "PNG"), "a.png").suffix == ".png"
    assert made_small(encoded(noise(1000, 800), "PNG"), "b.png").suffix == ".jpg"
    assert made_small(encoded(noise(1000, 800).convert("L"), "PNG"), "grey.png").suffix == ".jpg"


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16", "CMYK"])
def test_every_sort_of_colour_is_read(mode: str) -> None:
    image = Image.new("L", (50, 50), 128)
    if mode == "I;16":
        image = Image.frombytes("I;16", (50, 50), struct.pack("<H", 32_768) * 2_500)
    elif mode != "L":
        image = image.convert(mode)
    small = made_small(encoded(image, "JPEG" if mode == "CMYK" else "PNG"), "a")
    assert opened(small.raw).mode in {"L", "RGB", "P"}
    grey = opened(small.raw).convert("L").getpixel((25, 25))
    assert isinstance(grey, int)
    assert mode == "1" or abs(grey - 128) < 3


def test_what_is_see_through_lies_on_white() -> None:
    small = made_small(encoded(Image.new("RGBA", (20, 20), (0, 0, 0, 0)), "PNG"), "a.png")
    assert opened(small.raw).convert("RGB").getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "BMP"])
def test_the_usual_formats_are_read(form: str) -> None:
    assert made_small(encoded(noise(40, 40), form), "a").width == 40


# --------------------------------------------------------------------------- what is refused


def bomb() -> bytes:
    """A PNG that claims 50,000 × 50,000 pixels in a few bytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


def animated() -> bytes:
    return encoded(noise(20, 20), "GIF", save_all=True, append_images=[noise(20, 20)])


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (lambda: b"", NotAPictureError),
        (lambda: b"hello there, I am no picture", NotAPictureError),
        (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", NotAPictureError),
        (lambda: b"%PDF-1.4", NotAPictureError),
        (lambda: encoded(noise(400, 400), "JPEG")[:5000], BrokenPictureError),
        (lambda: encoded(noise(400, 400), "PNG")[:5000], BrokenPictureError),
        (bomb, HugePictureError),
        (animated, AnimatedPictureError),
        (lambda: encoded(noise(2100, 100), "JPEG"), NarrowPictureError),
        (lambda: bytes((20 << 20) + 1), HeavyPictureError),
    ],
)
def test_a_bad_picture_gets_its_own_sentence(raw: Callable[[], bytes], error: type[PictureError]) -> None:
    with pytest.raises(error, match=r"“bad\.jpg”"):
        made_small(raw(), "bad.jpg")


@given(st.integers(0, 2000), st.integers(0, 255))
def test_a_damaged_picture_never_crashes(at: int, byte: int) -> None:
    for form in ("JPEG", "PNG", "GIF", "WEBP", "BMP"):
        raw = bytearray(encoded(Image.linear_gradient("L"), form))
        raw[at % len(raw)] = byte
        try:
            made_small(bytes(raw), "a")
        except PictureError as error:
            assert "“a”" in str(error)  # noqa: PT017 - it may also be fine


# --------------------------------------------------------------------------- the store


def test_a_picture_is_kept_under_what_it_holds(tmp_path: Path) -> None:
    store = MediaStore(tmp_path / "media")
    picture = made_small(encoded(noise(40, 40), "JPEG"), "a")
    content = store.put(picture)
    assert content == sha256(picture.raw).hexdigest()
    assert store.put(picture) == content
    assert store.read(content) == picture.raw
    assert store.path(content).suffix == ".jpg"
    assert [file.name for file in (tmp_path / "media").rglob("*") if file.is_file()] == [f"{content}.jpg"]


def test_a_bucket_can_take_the_place_of_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    store = MediaStore("memory://bucket/media")
    picture = made_small(encoded(noise(40, 40), "PNG"), "a")
    content = store.put(picture)
    assert MediaStore("memory://bucket/media").has(content)
    assert store.path(content).read_bytes() == picture.raw
    assert store.path(content).is_relative_to(tmp_path)


def test_a_lost_picture_is_told(tmp_path: Path) -> None:
    with pytest.raises(MediaLostError):
        MediaStore(tmp_path).path("0" * 64)


def test_the_same_file_is_made_small_once(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = encoded(noise(40, 40), "JPEG")
    first = keeping(sqlite_database, MediaStore(tmp_path))(raw, "a.jpg")
    assert first.source == sha256(raw).hexdigest()
    monkeypatch.setattr("tasks.projects.media.made_small", None)
    assert keeping(sqlite_database, MediaStore(tmp_path))(raw, "b.jpg") == first


def test_a_file_lost_from_the_store_is_made_again(sqlite_database: Database, tmp_path: Path) -> None:
    store, raw = MediaStore(tmp_path), encoded(noise(40, 40), "JPEG")
    first = keeping(sqlite_database, store)(raw, "a.jpg")
    store.path(first.content).unlink()
    assert keeping(sqlite_database, store)(raw, "a.jpg") == first
    assert store.has(first.content)


def test_looking_only_verifies() -> None:
    assert looking(encoded(noise(40, 40), "JPEG"), "a").content
    with pytest.raises(NotAPictureError):
        looking(b"no", "a")
