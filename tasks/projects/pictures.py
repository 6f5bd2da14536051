"""A picture as a phone needs it: verified, upright, small, stripped of what it tells of people."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from db.errors import InputError, told

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_BYTES = 20 << 20
"""A picture's file, as it is given."""
_SIDE = 1280
_MOST_PIXELS = 64_000_000
_MOST_RATIO = 20
_QUALITY = 85
_FEW_COLOURS = 256
_SMALL = 320 * 320
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
_HOSTILE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    ArithmeticError,
    struct.error,
    zlib.error,
)
"""In how many ways decoders fail at damaged files."""
_PHOTOGRAPHED = ("JPEG", "MPO")
"""Photographs; MPO is a JPEG with a second, smaller one behind it, as some phones write."""


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


class AnimatedPictureError(PictureError):
    """It moves."""

    message = told("save one still of the picture “{name}”: it moves")


class BrokenPictureError(PictureError):
    """It ends too early, or is damaged."""

    message = told("make the picture “{name}” again: it is damaged")


class HugePictureError(PictureError):
    """Too many pixels; a bomb is one of these."""

    message = told("save the picture “{name}” smaller: {most} megapixels are the most")


class NarrowPictureError(PictureError):
    """Nobody could see anything on it."""

    message = told("cut the picture “{name}”: one side is more than {most} times the other")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is ready to be kept and sent. ``suffix`` is .jpg or .png."""

    raw: bytes
    suffix: str
    width: int
    height: int


def made_small(raw: bytes, name: str) -> Picture:
    """The picture at most 1280 pixels wide and high. Raises PictureError, which names ``name``."""
    from PIL import Image, UnidentifiedImageError, WebPImagePlugin  # noqa: F401, PLC0415 - only where there are pictures

    if len(raw) > MOST_BYTES:
        raise HeavyPictureError(name=name, most=MOST_BYTES >> 20)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(raw), formats=_FORMATS)
        with picture:
            _refuse(picture, name)
            return _small(picture)
    except PictureError:
        raise
    except Image.DecompressionBombError as error:
        raise HugePictureError(name=name, most=_MOST_PIXELS // 1_000_000) from error
    except UnidentifiedImageError as error:
        raise NotAPictureError(name=name) from error
    except _HOSTILE as error:
        raise BrokenPictureError(name=name) from error


def _refuse(picture: Image, name: str) -> None:
    """Judged by what the file says of itself, before a pixel is decoded."""
    width, height = picture.size
    if width * height > _MOST_PIXELS:
        raise HugePictureError(name=name, most=_MOST_PIXELS // 1_000_000)
    if max(width, height) > _MOST_RATIO * min(width, height):
        raise NarrowPictureError(name=name, most=_MOST_RATIO)
    if getattr(picture, "is_animated", False) and picture.format not in _PHOTOGRAPHED:
        raise AnimatedPictureError(name=name)


def _small(picture: Image) -> Picture:
    from PIL import ImageOps  # noqa: PLC0415 - as above

    picture.draft("RGB", (_SIDE, _SIDE))
    upright = ImageOps.exif_transpose(picture)
    flat = _flat(upright)
    drawn = picture.format not in _PHOTOGRAPHED and flat.getcolors(_FEW_COLOURS) is not None
    flat.thumbnail((_SIDE, _SIDE))
    flat.info = {}
    sharp = drawn or (picture.format == "PNG" and flat.width * flat.height <= _SMALL)
    png = _encoded(flat, "PNG") if sharp else b""
    jpeg = _encoded(flat, "JPEG", quality=_QUALITY, optimize=True)
    raw, suffix = (png, ".png") if png and len(png) <= len(jpeg) else (jpeg, ".jpg")
    return Picture(raw, suffix, flat.width, flat.height)


def _encoded(picture: Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def _flat(picture: Image) -> Image:
    """Grey or RGB with eight bits; what is see-through lies on white."""
    from PIL import Image  # noqa: PLC0415 - as above

    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if picture.has_transparency_data:
        ground = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(ground, picture.convert("RGBA")).convert("RGB")
    return picture if picture.mode in {"L", "RGB"} else picture.convert("RGB")
