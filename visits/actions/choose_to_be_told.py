"""A relative chooses whether to be told when nobody has come to a visit."""

from dataclasses import replace

from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.guard.representation import LetIn
from visits.guard.viewer import Role, Viewer
from visits.store import let_ins
from visits.terms import LetInId


def choose_to_be_told(session: Session, viewer: Viewer, let_in_id: LetInId, *, wants_to_know: bool) -> LetIn:
    """`NotFound` for anybody but the relative. The citizen sees what was chosen."""
    if viewer.role is not Role.RELATIVE:
        raise NotFound(what="let_in")
    changed = replace(let_ins.let_in(session, viewer, let_in_id), wants_to_know=wants_to_know)
    let_ins.save(session, changed)
    return changed
