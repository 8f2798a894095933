"""A citizen lets a relative in: by a code, which the relative is given by the citizen and by nobody else."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.guard.confidentiality import Subject
from visits.guard.representation import CODE_LASTS, LetIn, LetInState, check_may_let_in, new_code
from visits.guard.viewer import Role, Viewer
from visits.store import citizens, let_ins
from visits.terms import CitizenId, LetInId

_OPEN = {LetInState.INVITED, LetInState.IN_FORCE}


def let_in(session: Session, viewer: Viewer, *, called: str, sees_time: bool, now: datetime) -> tuple[LetIn, str]:
    """Invite somebody, and return the code that lets them in, which is shown once and kept nowhere.

    `Refused` for protected identities, and when there are many already; `NotFound` for anybody but the citizen.
    """
    if viewer.role is not Role.CITIZEN or viewer.person_id is None:
        raise NotFound(what="citizen")
    citizen = citizens.citizen(session, viewer, Subject.RELATIVES, CitizenId(viewer.person_id))
    known = let_ins.let_ins_of(session, viewer)
    check_may_let_in(citizen, open_already=sum(1 for one in known if one.state_at(now) in _OPEN))
    made = LetIn(
        id=LetInId(uuid4()),
        citizen_id=citizen.id,
        called=called.strip(),
        sees_time=sees_time,
        invited_at=now,
        code_until=now + CODE_LASTS,
    )
    code = new_code()
    let_ins.add(session, made, code=code)
    return made, code
