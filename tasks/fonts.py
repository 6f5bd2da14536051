"""The writing of pictures: a font that has Hangul too, brought by a package, for as long as a picture is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.font_manager import fontManager

_PACKAGE, _FILE = "koreanize_matplotlib", "NanumGothic.ttf"
_FAMILY = "NanumGothic"
_OTHERS = ("DejaVu Sans", "Noto Sans CJK KR", "Noto Sans CJK JP", "Noto Sans KR")
"""Asked for a character that the first has not: signs, and what requesters write in other scripts."""


@contextmanager
def lettering(settings: Mapping[str, Any]) -> Iterator[None]:
    """Draw with these settings of matplotlib and our font; afterwards the settings are what they were.

    They are the process's own: two threads must not draw at once.
    """
    known = {font.name for font in fontManager.ttflist}
    if _FAMILY not in known:
        for file in _files():
            fontManager.addfont(file)
    family = [_FAMILY, *(name for name in _OTHERS if name in known)]
    wanted: Any = {"font.family": family, "axes.unicode_minus": False, **settings}
    with rc_context(wanted):
        yield


def _files() -> list[Path]:
    """The font as a file. The package itself is not imported: it would change every picture of the process."""
    found = find_spec(_PACKAGE)
    folders = found.submodule_search_locations if found else None
    return [Path(folder) / "fonts" / _FILE for folder in folders or ()]
