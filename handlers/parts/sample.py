"""How a message of a broadcast looks to whoever gets it: the same words and keys that the courier puts together."""

from __future__ import annotations

from handlers.talk import Key, Line, Picture, Sample, Screen, Style
from tasks.outreach.letter import Letter, keys, left_words


def sample(said: Letter, variant: int, language: str) -> Sample:
    """One of its texts as somebody of that language gets it, while all its places are free (``bot.letters``)."""
    lines = [Line(said.text(variant, language))]
    if said.places is not None:
        lines.append(Line(left_words(said.places), Style.FAINT))
    rows = [[Key(key.words, key.to or "menu.projects")] for key in keys(said, said.places)]
    picture = Picture(said.content.picture) if said.content.picture else None
    return Sample(Screen(lines, rows, picture), language)
