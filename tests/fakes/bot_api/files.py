"""Files: uploaded once, named by a file id that keeps its kind."""

from __future__ import annotations

import io
import itertools
from dataclasses import dataclass
from typing import Any

from PIL import Image, UnidentifiedImageError

from tests.fakes.bot_api.params import Params, Upload
from tests.fakes.bot_api.refusal import Refused, bad

PHOTO_BYTES = 10 * 2**20
DOCUMENT_BYTES = 50 * 2**20
DOWNLOAD_BYTES = 20 * 2**20
PHOTO_SIDES = 10_000
PHOTO_RATIO = 20


@dataclass(frozen=True, slots=True)
class Stored:
    """A file on the server; ``size`` may claim more than ``body`` holds."""

    id: str
    kind: str  # Photo | Document | Sticker | Voice | Video
    name: str
    body: bytes
    size: int
    width: int = 0
    height: int = 0

    def json(self) -> dict[str, Any]:
        """As a message shows it; a photo is a list of one size."""
        whole: dict[str, Any] = {"file_id": self.id, "file_unique_id": f"u{self.id}", "file_size": self.size}
        if self.kind in {"Photo", "Sticker", "Video"}:
            whole |= {"width": self.width, "height": self.height}
        if self.kind == "Document":
            whole |= {"file_name": self.name, "mime_type": "application/octet-stream"}
        if self.kind in {"Voice", "Video"}:
            whole["duration"] = 1
        if self.kind == "Sticker":
            whole |= {"type": "regular", "is_animated": False, "is_video": False}
        return whole


class Files:
    """Everything ever uploaded."""

    def __init__(self) -> None:
        self.by_id: dict[str, Stored] = {}
        self._numbers = itertools.count(1)

    def add(
        self, kind: str, name: str, body: bytes, *, size: int | None = None, sides: tuple[int, int] = (1, 1)
    ) -> Stored:
        """Keep a file that somebody has sent or uploaded."""
        number = next(self._numbers)
        file = Stored(f"{kind}-{number:06}-AAQ", kind, name, body, len(body) if size is None else size, *sides)
        self.by_id[file.id] = file
        return file

    def forget(self, file_id: str) -> None:
        """From now on the id is unknown."""
        del self.by_id[file_id]

    def given(self, params: Params, value: str, kind: str, field: str) -> Stored:
        """The file that a call means: an upload by name, ``attach://`` or a file id."""
        upload = params.files.get(value.removeprefix("attach://") if value.startswith("attach://") else field)
        if upload is not None:
            return self._photo(upload) if kind == "Photo" else self._document(upload)
        if not value:
            raise bad(f"there is no {kind.lower()} in the request")
        return self._known(value, kind)

    def _known(self, file_id: str, kind: str) -> Stored:
        file = self.by_id.get(file_id)
        if file is None:
            raise bad("wrong remote file identifier specified: can't unserialize it. Wrong last symbol")
        if file.kind != kind:
            raise bad(f"can't use file of type {file.kind} as {kind}")
        return file

    def _photo(self, upload: Upload) -> Stored:
        if len(upload.body) > PHOTO_BYTES:
            raise Refused(413, "Request Entity Too Large")
        try:
            with Image.open(io.BytesIO(upload.body)) as image:
                width, height = image.size
        except (UnidentifiedImageError, OSError):
            raise bad("IMAGE_PROCESS_FAILED") from None
        if width + height > PHOTO_SIDES or max(width, height) > PHOTO_RATIO * min(width, height):
            raise bad("PHOTO_INVALID_DIMENSIONS")
        return self.add("Photo", upload.name, upload.body, sides=(width, height))

    def _document(self, upload: Upload) -> Stored:
        if not upload.body:
            raise bad("file must be non-empty")
        if len(upload.body) > DOCUMENT_BYTES:
            raise Refused(413, "Request Entity Too Large")
        return self.add("Document", upload.name, upload.body)

    def path_of(self, file_id: str) -> dict[str, Any]:
        """What getFile answers."""
        file = self.by_id.get(file_id)
        if file is None:
            raise bad("wrong file_id or the file is temporarily unavailable")
        if file.size > DOWNLOAD_BYTES:
            raise bad("file is too big")
        return {
            "file_id": file.id,
            "file_unique_id": f"u{file.id}",
            "file_size": file.size,
            "file_path": f"{file.kind.lower()}s/{file.id}",
        }
