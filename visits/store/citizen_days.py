"""The citizens' days, for many at once: one guarded question for all who look, and one trace for each of them.

A visit is planned with the day on which the shift begins, and told on the day on which it comes: a visit at two in the morning
was planned with the day before. So three days of planning are read for a day and the one after it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.guard.confidentiality import Reach, Subject, reach
from visits.guard.viewer import Viewer
from visits.people import Carer
from visits.performed.citizen_day import CitizenDay, CitizenVisit, Comer, DayChange
from visits.performed.folding import Performed
from visits.performed.visit import VisitState
from visits.planned.schedule import Placement, VisitChange
from visits.store import audit, carers, changes, checkins, citizen_absences, estimates, outbox, schedules
from visits.store.citizens import citizens
from visits.store.columns import among
from visits.store.visits import visits
from visits.terms import CarerId, CitizenId, ServiceCode, VisitId, local_day

_A_DAY = timedelta(days=1)


def citizen_days(session: Session, viewers: Sequence[Viewer], *, on: date) -> dict[CitizenId, CitizenDay]:
    """The day of each viewer, who must be a citizen and sees only their own; whoever is no longer there is left out.

    Raises `NotFound` when anybody among the viewers may not look at a day of their own.
    """
    wanted = _selves(session, viewers)
    found = days_of(session, wanted, on=on)
    audit.record_many(
        session,
        [
            audit.entry(viewer, Subject.DAY, what="citizen_days", citizens=[CitizenId(viewer.person_id)])
            for viewer in viewers
            if viewer.person_id in wanted
        ],
    )
    return found


def days_of(session: Session, wanted: Collection[CitizenId], *, on: date) -> dict[CitizenId, CitizenDay]:
    """The days of these citizens. Only for callers in this room who have asked `sight` and leave the audit entry."""
    revised = revisions_of(session, wanted, on)  # first: what is read after it may be newer, never older
    gathered = _Gathered(session, wanted, on)
    return {key: gathered.day_of(key, revision=revised[key]) for key in wanted}


def day_revision(session: Session, viewer: Viewer, *, on: date) -> int:
    """The `CitizenDay.revision` of the viewer's own day, without the day itself."""
    if reach(viewer, Subject.DAY) is not Reach.SELF or viewer.person_id is None:
        raise NotFound(what="day")
    own = CitizenId(viewer.person_id)
    return revisions_of(session, frozenset({own}), on)[own]


def _selves(session: Session, viewers: Iterable[Viewer]) -> frozenset[CitizenId]:
    selves: set[UUID] = set()
    for viewer in viewers:
        if reach(viewer, Subject.DAY) is not Reach.SELF or viewer.person_id is None:
            raise NotFound(what="day")
        selves.add(viewer.person_id)
    return frozenset(session.scalars(select(citizens.c.id).where(among(citizens.c.id, selves))))


def revisions_of(session: Session, wanted: Collection[CitizenId], on: date) -> dict[CitizenId, int]:
    """The `CitizenDay.revision` of each: a number that tells nothing but that something has changed."""
    found = outbox.revisions_together(
        session, outbox.Audience.CITIZEN, wanted, first_on=on - _A_DAY, last_on=on + _A_DAY
    )
    return {key: found.get(key, 0) for key in wanted}


class _Gathered:
    """Everything that the days of many citizens are made of, read with one question for each table."""

    def __init__(self, session: Session, wanted: Collection[CitizenId], on: date) -> None:
        self.on = on
        query = select(visits).where(among(visits.c.citizen_id, wanted), visits.c.on.between(on - _A_DAY, on + _A_DAY))
        rows = session.execute(query).all()
        self.rows = _by_citizen(rows)
        keys = [row.id for row in rows]
        self.codes = {row.id: tuple(ServiceCode(code) for code in row.codes) for row in rows}
        self.placed = _by_visit(session, wanted, on)
        self.estimated = estimates.estimates_of(session, keys)
        self.performed = checkins.performed_of(session, keys)
        self.changed = changes.changes_of(session, wanted, on=on - _A_DAY, last_on=on)
        self.away = citizen_absences.away_on(session, wanted, on)
        self.carers = carers.carers_by_id(session, self._named())

    def _named(self) -> set[CarerId]:
        named = {part.carer_id for parts in self.placed.values() for part in parts}
        for found in self.changed.values():
            named.update(carer for _at, change in found for carer in change.old_carers | change.new_carers)
        named.update(part.carer_id for done in self.performed.values() for part in done.attendances)
        return named

    def day_of(self, citizen_id: CitizenId, *, revision: int) -> CitizenDay:
        rows = self.rows.get(citizen_id, ())
        found = [self._visit(row) for row in rows if row.state is not VisitState.WITHDRAWN]
        found.sort(key=lambda visit: visit.sorts_by)
        return CitizenDay(
            citizen_id=citizen_id,
            on=self.on,
            revision=revision,
            away=citizen_id in self.away,
            visits=tuple(visit for visit in found if visit.on == self.on),
            changes=tuple(
                self._change(at, change) for at, change in self.changed.get(citizen_id, ()) if self._is_of_day(change)
            ),
            tomorrow=tuple(visit for visit in found if visit.on == self.on + _A_DAY),
        )

    def _visit(self, row: Row[Any]) -> CitizenVisit:
        parts = self.placed.get(row.id, ())
        done = self.performed.get(row.id, Performed())
        # What was agreed with the citizen since is what they were told last.
        planned_at = done.moved_to or min((part.start_at for part in parts), default=None)
        expected_at = None if planned_at is None else self.estimated.get(row.id, planned_at)
        came = [part.carer_id for part in done.attendances if part.came_at]
        return CitizenVisit(
            id=row.id,
            on=local_day(done.started_at or planned_at or row.earliest_at),
            state=row.state,
            codes=self.codes[row.id],
            minutes=row.minutes,
            earliest_at=row.earliest_at,
            latest_at=row.latest_at,
            carers=self._comers(came or [part.carer_id for part in parts]),
            planned_at=planned_at,
            expected_at=expected_at,
            came_at=done.started_at,
            left_at=done.ended_at,
        )

    def _is_of_day(self, change: VisitChange) -> bool:
        start_at = change.new_start_at or change.old_start_at
        return start_at is not None and local_day(start_at) == self.on

    def _change(self, at: datetime, change: VisitChange) -> DayChange:
        return DayChange(
            changed_at=at,
            kind=change.kind,
            codes=self.codes.get(change.visit_id, ()),
            old_start_at=change.old_start_at,
            new_start_at=change.new_start_at,
            old_carers=self._comers(change.old_carers),
            new_carers=self._comers(change.new_carers),
        )

    def _comers(self, wanted: Iterable[CarerId]) -> tuple[Comer, ...]:
        return tuple(sorted(_comer(self.carers[key]) for key in set(wanted)))


def _comer(carer: Carer) -> Comer:
    return Comer(shown_name=carer.shown_name, title=carer.title)


def _by_citizen(rows: Iterable[Row[Any]]) -> Mapping[CitizenId, list[Row[Any]]]:
    found: dict[CitizenId, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.citizen_id, []).append(row)
    return found


def _by_visit(session: Session, wanted: Collection[CitizenId], on: date) -> dict[VisitId, list[Placement]]:
    placed = schedules.placements_of_citizens(session, wanted, on=on - _A_DAY, last_on=on + _A_DAY)
    found: dict[VisitId, list[Placement]] = {}
    for parts in placed.values():
        for part in parts:
            found.setdefault(part.visit_id, []).append(part)
    return found
