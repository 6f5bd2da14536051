"""The media store: pictures verified, made small, stripped of what they tell of people, kept by content."""

from __future__ import annotations

import io
import os
import tempfile
import threading
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.errors import InputError, told

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_BYTES = 20 << 20
"""A picture's file, as it is given."""
_SIDE = 1280
_MOST_SIDES = 10_000
_MOST_RATIO = 20
_QUALITY = 85
_FEW_COLOURS = 256
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
_SUFFIXES = (".jpg", ".png")


class PictureError(InputError):
    """A picture that cannot be shown to anybody."""


class MissingPictureError(PictureError):
    """There is no such file."""

    message = told("add the picture “{name}”: it is not there")


class OutsidePictureError(PictureError):
    """It lies elsewhere."""

    message = told("put the picture “{name}” beside the data file: it points elsewhere")


class HeavyPictureError(PictureError):
    """Too many bytes."""

    message = told("save the picture “{name}” smaller: it has more than {most} MB")


class NotAPictureError(PictureError):
    """Something else, or a format that is not read."""

    message = told("save the picture “{name}” as JPEG, PNG, WebP, GIF or BMP: it is none of them")


class BrokenPictureError(PictureError):
    """It ends too early, or is damaged."""

    message = told("make the picture “{name}” again: it is damaged")


class HugePictureError(PictureError):
    """Too many pixels; a bomb is one of these."""

    message = told(
        "save the picture “{name}” smaller: width and height together have {found} pixels, {most} are the most"
    )


class NarrowPictureError(PictureError):
    """Nobody could see anything on it."""

    message = told("cut the picture “{name}”: one side is more than {most} times the other")


@dataclass(frozen=True, slots=True)
class Stored:
    """A picture in the store. ``source`` is the SHA-256 of the file it was made from."""

    content: str
    suffix: str
    width: int
    height: int
    bytes: int
    source: str


class MediaStore:
    """Pictures under ``root``: a folder, or the address of a bucket that fsspec knows."""

    def __init__(self, root: Path | str) -> None:
        self._root = str(root)
        self._lock = threading.Lock()
        self._opened: tuple[Any, str] | None = None

    def put(self, raw: bytes, name: str = "") -> str:
        """Keep a picture; its content. Raises PictureError."""
        return self.keep(raw, name).content

    def keep(self, raw: bytes, name: str = "") -> Stored:
        """Keep a picture; all that is known of it. Raises PictureError, which names ``name``."""
        small = smaller(raw, name)
        encoded, suffix = encode(small)
        content = sha256(encoded).hexdigest()
        self._write(content, suffix, encoded)
        return Stored(content, suffix, small.width, small.height, len(encoded), sha256(raw).hexdigest())

    def has(self, content: str, suffix: str) -> bool:
        """Whether the picture's file is there."""
        files, root = self._files()
        return bool(files.exists(self._at(root, content, suffix)))

    def path(self, content: str) -> Path:
        """The picture as a local file; one from a bucket is copied here first."""
        files, root = self._files()
        here = [self._at(root, content, suffix) for suffix in _SUFFIXES]
        found = next((at for at in here if files.exists(at)), here[0])
        return Path(found) if "file" in files.protocol else self._fetched(found)

    def _fetched(self, at: str) -> Path:
        files, root = self._files()
        folder = Path(tempfile.gettempdir()) / f"crowdloom-media-{sha256(root.encode()).hexdigest()[:12]}"
        local = folder / at.rpartition("/")[2]
        if not local.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
            part = local.with_suffix(f".{threading.get_ident()}.part")
            part.write_bytes(files.cat_file(at))
            part.replace(local)
        return local

    def _write(self, content: str, suffix: str, encoded: bytes) -> None:
        """Under a passing name first: whoever sees the file sees all of it."""
        files, root = self._files()
        at = self._at(root, content, suffix)
        if files.exists(at):
            return
        files.makedirs(at.rpartition("/")[0], exist_ok=True)
        part = f"{at}.{os.getpid()}-{threading.get_ident()}.part"
        files.pipe_file(part, encoded)
        files.mv(part, at)

    @staticmethod
    def _at(root: str, content: str, suffix: str) -> str:
        return f"{root}/{content[:2]}/{content}{suffix}"

    def _files(self) -> tuple[Any, str]:
        with self._lock:
            if self._opened is None:
                # commands without pictures need none of it
                from fsspec.core import url_to_fs  # type: ignore[import-untyped]  # noqa: PLC0415

                files, root = url_to_fs(self._root)
                self._opened = files, root.rstrip("/")
        return self._opened


def smaller(raw: bytes, name: str) -> Image:
    """The picture upright, in RGB, at most 1280 pixels wide or high. Raises PictureError."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415 - only where there are pictures

    if len(raw) > MOST_BYTES:
        raise HeavyPictureError(name=name, most=MOST_BYTES >> 20)
    try:
        picture = Image.open(io.BytesIO(raw), formats=_FORMATS)
    except Image.DecompressionBombError as error:
        raise HugePictureError(name=name, found="…", most=_MOST_SIDES) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise NotAPictureError(name=name) from error
    _check_sides(picture.width, picture.height, name)
    try:
        picture.draft("RGB", (_SIDE, _SIDE))
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        flat = _flat(upright)
        few = picture.format != "JPEG" and flat.getcolors(_FEW_COLOURS) is not None
        flat.thumbnail((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError) as error:
        raise BrokenPictureError(name=name) from error
    flat.info = {"few": few}
    return flat


def _check_sides(width: int, height: int, name: str) -> None:
    if width + height > _MOST_SIDES:
        raise HugePictureError(name=name, found=width + height, most=_MOST_SIDES)
    if max(width, height) > _MOST_RATIO * min(width, height):
        raise NarrowPictureError(name=name, most=_MOST_RATIO)


def _flat(picture: Image) -> Image:
    """RGB; what is see-through lies on white."""
    from PIL import Image  # noqa: PLC0415 - as above

    if not picture.has_transparency_data:
        return picture.convert("RGB")
    ground = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(ground, picture.convert("RGBA")).convert("RGB")


def encode(picture: Image) -> tuple[bytes, str]:
    """Bytes without metadata, and their suffix: PNG for drawings of few colours, else JPEG."""
    out = io.BytesIO()
    few = picture.info.get("few", False)
    picture.info = {}
    if few:
        picture.save(out, "PNG", optimize=True)
        return out.getvalue(), ".png"
    picture.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue(), ".jpg"
