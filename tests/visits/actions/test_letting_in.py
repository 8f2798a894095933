"""A citizen lets a relative in by a code, sees when they look, and shuts them out again."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.factories.a_day import ADay, a_day
from tests.factories.world import Cared
from visits.actions.choose_to_be_told import choose_to_be_told
from visits.actions.come_in import come_in
from visits.actions.let_in import let_in
from visits.actions.show_time import show_time
from visits.actions.shut_out import shut_out
from visits.actions.tell_relatives import tell_relatives
from visits.errors import NotFound, Refused
from visits.guard.representation import CODE_LASTS, MOST_LET_IN, LetInState, as_kept, written_out
from visits.guard.viewer import Role
from visits.people import ProtectedIdentity, Relative
from visits.performed.checkins import FactKind
from visits.store import let_ins, outbox
from visits.store.citizens import citizens as citizens_table
from visits.store.looks import looks_at
from visits.store.relative_days import relative_days
from visits.store.relative_notices import Whose


@pytest.fixture
def day(session: Session) -> ADay:
    return a_day(session)


def invited(day: ADay, called: str = "Karin, min dotter") -> str:
    return let_in(day.session, day.world.as_citizen(day.berit), called=called, sees_time=False, now=day.at("09:00"))[1]


def sees(day: ADay, relative: Relative, whom: Cared) -> bool:
    viewer = day.world.as_relative(relative)
    return Whose(relative.id, whom.id) in relative_days(day.session, [(viewer, whom.id)], on=day.world.on)


def test_the_code_lets_in_once_however_it_is_typed(day: ADay) -> None:
    karin, eva = day.world.relative(), day.world.relative(given_name="Eva")
    code = invited(day)
    assert not sees(day, karin, day.berit)
    typed = " " + written_out(code).lower().replace("-", " ") + "\n"
    come_in(day.session, day.world.as_relative(karin), code=typed, now=day.at("09:05"))
    assert sees(day, karin, day.berit)
    with pytest.raises(Refused) as refused:
        come_in(day.session, day.world.as_relative(eva), code=code, now=day.at("09:06"))
    assert refused.value.params["rule"] == "code_not_open"
    assert not sees(day, eva, day.berit)


def test_a_code_that_is_wrong_old_taken_back_or_used_is_told_alike(day: ADay) -> None:
    karin = day.world.as_relative(day.world.relative())
    old, taken_back = invited(day), invited(day)
    mine = day.world.as_citizen(day.berit)
    [newest, _older] = let_ins.let_ins_of(day.session, mine)
    shut_out(day.session, mine, newest.id, now=day.at("09:01"))
    told = set()
    later = day.at("09:00") + CODE_LASTS
    for code, now in (("", later), ("ABCD-EFGH-JKMN", later), (old, later), (taken_back, later)):
        with pytest.raises(Refused) as refused:
            come_in(day.session, karin, code=code, now=now)
        told.add(str(refused.value))
    assert len(told) == 1


def test_only_a_hash_of_the_code_is_kept_and_none_when_it_is_used(day: ADay) -> None:
    karin = day.world.relative()
    code = invited(day)
    row = day.session.execute(select(let_ins.let_ins)).one()
    assert code not in str(row)
    assert row.code_hash is not None
    come_in(day.session, day.world.as_relative(karin), code=code, now=day.at("09:05"))
    assert day.session.execute(select(let_ins.let_ins)).one().code_hash is None


def test_both_may_end_it_and_nobody_else(day: ADay) -> None:
    karin = day.world.relative(day.berit)
    [row] = let_ins.let_ins_of(day.session, day.world.as_relative(karin))
    neighbour = day.world.cared(day.team)
    others = [
        day.world.as_citizen(neighbour),
        day.world.as_relative(day.world.relative(neighbour)),
        day.world.as_coordinator(day.team),
        day.world.as_carer(day.jonas),
    ]
    for stranger in others:
        with pytest.raises(NotFound):
            shut_out(day.session, stranger, row.id, now=day.at("10:00"))
    assert sees(day, karin, day.berit)
    before = day.world.revision(outbox.Audience.CITIZEN, day.berit.id)
    ended = shut_out(day.session, day.world.as_relative(karin), row.id, now=day.at("10:00"))
    assert (ended.state_at(day.at("10:00")), ended.ended_by) == (LetInState.ENDED, Role.RELATIVE)
    assert not sees(day, karin, day.berit)
    assert day.world.revision(outbox.Audience.CITIZEN, day.berit.id) == before + 1, "open pages are told"
    again = shut_out(day.session, day.world.as_citizen(day.berit), row.id, now=day.at("11:00"))
    assert again.ended_by is Role.RELATIVE


def test_a_protected_identity_lets_nobody_in_here(day: ADay) -> None:
    code = invited(day)
    day.session.execute(update(citizens_table).values(protected=ProtectedIdentity.PROTECTED_REGISTRATION))
    with pytest.raises(Refused) as refused:
        invited(day)
    assert refused.value.params["rule"] == "no_relatives_for_protected_identity"
    with pytest.raises(Refused) as refused:
        come_in(day.session, day.world.as_relative(day.world.relative()), code=code, now=day.at("09:05"))
    assert refused.value.params["rule"] == "code_not_open"


def test_there_is_an_end_to_how_many_are_let_in(day: ADay) -> None:
    for _ in range(MOST_LET_IN):
        invited(day)
    with pytest.raises(Refused) as refused:
        invited(day)
    assert refused.value.params["rule"] == "too_many_let_in"


def test_the_citizen_sees_who_has_looked_and_when(day: ADay) -> None:
    karin, eva = day.world.relative(day.berit), day.world.relative(day.berit, given_name="Eva")
    sees(day, karin, day.berit)
    day.session.commit()
    sees(day, karin, day.berit)
    [look] = looks_at(day.session, day.world.as_citizen(day.berit))
    assert (look.relative_id, look.on) == (karin.id, day.world.on)
    assert look.first_at < look.last_at
    assert eva.id != karin.id
    assert looks_at(day.session, day.world.as_citizen(day.world.cared(day.team))) == []


def test_whoever_wants_to_know_is_told_once_that_nobody_has_come(day: ADay) -> None:
    karin, eva = day.world.relative(day.berit), day.world.relative(day.berit, given_name="Eva")
    viewer = day.world.as_relative(karin)
    [row] = let_ins.let_ins_of(day.session, viewer)
    choose_to_be_told(day.session, viewer, row.id, wants_to_know=True)
    visit_id = day.berit.visit()
    now = day.at("10:52")
    assert tell_relatives(day.session, day.world.system(), visit_id, now=now) == [row.id]
    assert tell_relatives(day.session, day.world.system(), visit_id, now=now + timedelta(minutes=1)) == []
    both = [(day.world.as_relative(one), day.berit.id) for one in (karin, eva)]
    found = relative_days(day.session, both, on=day.world.on)
    [notice] = found[Whose(karin.id, day.berit.id)].notices
    assert (notice.visit_id, notice.told_at, notice.latest_at) == (visit_id, now, day.at("10:30"))
    assert notice.came_at is None
    assert found[Whose(eva.id, day.berit.id)].notices == ()
    day.record(day.jonas, 0, FactKind.CHECK_IN, "10:58")
    found = relative_days(day.session, both, on=day.world.on)
    assert found[Whose(karin.id, day.berit.id)].notices[0].came_at == day.at("10:58")


def test_nobody_is_told_of_a_visit_to_which_somebody_has_come(day: ADay) -> None:
    viewer = day.world.as_relative(day.world.relative(day.berit))
    [row] = let_ins.let_ins_of(day.session, viewer)
    choose_to_be_told(day.session, viewer, row.id, wants_to_know=True)
    day.record(day.jonas, 0, FactKind.CHECK_IN, "10:15")
    assert tell_relatives(day.session, day.world.system(), day.berit.visit(), now=day.at("10:52")) == []


def test_each_chooses_what_is_theirs_to_choose(day: ADay) -> None:
    """The citizen what is seen, the relative what they are told."""
    viewer, mine = day.world.as_relative(day.world.relative(day.berit)), day.world.as_citizen(day.berit)
    [row] = let_ins.let_ins_of(day.session, mine)
    assert show_time(day.session, mine, row.id, sees_time=True).sees_time
    with pytest.raises(NotFound):
        show_time(day.session, viewer, row.id, sees_time=True)
    with pytest.raises(NotFound):
        choose_to_be_told(day.session, mine, row.id, wants_to_know=True)


def test_what_is_typed_is_kept_without_what_makes_it_readable() -> None:
    assert written_out("K7MQ4XRT9WPH") == "K7MQ-4XRT-9WPH"
    assert as_kept(" k7mq-4xrt 9wph ") == "K7MQ4XRT9WPH"
