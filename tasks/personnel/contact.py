"""How somebody can be reached outside of the bot: shown to nobody without a reason, and each look is on record.

Lists, exports and logs hold numbers alone. See docs/decisions/contact.md.
"""

from __future__ import annotations

from db.queries.staff import Listed
from db.session import Tx
from tasks.charge import Charge
from tasks.privacy.audit import Act, record
from tasks.staff import find, still


def look_up(tx: Tx, by: Charge, named: str, now: int) -> Listed:
    """The person of a number, or of ``channel:id``; the latter is on record, without the id. Raises StaffError."""
    person = find(tx, named)
    if ":" in named:
        record(tx, by.actor, Act("look up", person.id), now)
    return person


def reach(tx: Tx, by: Charge, person: Listed, why: str, now: int) -> str:
    """Their id at their channel, for this reason. Raises StaffError."""
    person = still(tx, person.id)
    why = by.why(person, why)
    record(tx, by.actor, Act("contact", person.id, figures={"why": why}), now)
    return person.external_id
