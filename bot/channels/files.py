"""Files on their way to Telegram: uploaded, or named by the file id under which it has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.channel import PictureFile


@dataclass(frozen=True, slots=True)
class File:
    """A file to upload with a call."""

    path: Path
    name: str


def photo(picture: PictureFile) -> str | File:
    """A picture by its handle; as an upload where Telegram has not seen it."""
    return picture.handle or upload(picture)


def upload(picture: PictureFile) -> File:
    """A picture as an upload, whatever Telegram has seen."""
    return File(picture.path, f"{picture.content[:16] or 'picture'}.jpg")


def uploads(values: Mapping[str, Any]) -> bool:
    """Whether a call may have something to upload, and so takes longer."""
    return any(isinstance(value, File) for value in values.values()) or "media" in values
