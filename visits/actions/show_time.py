"""A citizen shows a relative granted, planned and performed time, or no longer."""

from dataclasses import replace

from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.guard.representation import LetIn
from visits.guard.viewer import Role, Viewer
from visits.store import let_ins
from visits.terms import LetInId


def show_time(session: Session, viewer: Viewer, let_in_id: LetInId, *, sees_time: bool) -> LetIn:
    """`NotFound` for anybody but the citizen."""
    if viewer.role is not Role.CITIZEN:
        raise NotFound(what="let_in")
    changed = replace(let_ins.let_in(session, viewer, let_in_id), sees_time=sees_time)
    let_ins.save(session, changed)
    return changed
