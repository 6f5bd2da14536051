"""What a project's card says of its times: when it opens, when it is due, when its items are taken away."""

from __future__ import annotations

from collections.abc import Sequence

from db.queries import schedules
from db.session import Tx
from tasks.projects.catalog import Known
from tasks.schedules.opening import made_late, millis
from tasks.words import Moment, Words, _


def standing(tx: Tx, known: Known, now: int) -> Sequence[Words]:
    """One line each; none where the file names no times."""
    opens, deadline = millis(known.spec.schedule.opens), millis(known.spec.schedule.deadline)
    said: list[Words] = []
    if known.state == "draft" and opens is not None:
        said.append(_opens(tx, known, opens, now))
    if known.state != "closed" and deadline is not None:
        when = Moment(deadline)
        said.append(_("due {when}", when=when) if deadline > now else _("was due {when}: close it by hand", when=when))
    return said or _emptied(tx, known)


def _opens(tx: Tx, known: Known, opens: int, now: int) -> Words:
    if opens > now:
        return _("opens {when}", when=Moment(opens))
    if made_late(tx, known, opens):
        return _("its time to open, {when}, was over when it was made: launch it by hand", when=Moment(opens))
    return _("was to open {when}, and opens once all is there", when=Moment(opens))


def _emptied(tx: Tx, known: Known) -> Sequence[Words]:
    times = tx.one(schedules.TIMES, project=known.id)
    if times is None or known.state != "closed":
        return []
    if times.emptied_at is not None:
        return [_("its items were taken away {when}", when=Moment(times.emptied_at))]
    if known.spec.privacy.keep_ms is None or times.closed_at is None:
        return []
    return [_("its items are taken away {when}", when=Moment(times.closed_at + known.spec.privacy.keep_ms))]
