"""What every part of the project file has in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Fraction = Annotated[float, Field(ge=0, le=1)]
Skill = Annotated[str, Field(pattern="^[a-z0-9-]{1,64}$")]
"""A named skill, or the id of the project whose quiz shows it."""


class Part(BaseModel):
    """A part of the file: no key beyond these, nothing changes."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True, allow_inf_nan=False)
