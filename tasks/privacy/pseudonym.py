"""Names for workers in what leaves the house."""

from hashlib import sha256

_DIGITS = 16


def pseudonym(project: int, person: int, joined_at: int) -> str:
    """A name for a worker that is the same all over a project, and another one in the next."""
    digest = sha256(f"{project}:{person}:{joined_at}".encode()).hexdigest()
    return f"w-{digest[:_DIGITS]}"
