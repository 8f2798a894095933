"""The coordinator's day as HTML and JSON, over HTTP against a real database."""

from dataclasses import dataclass
from dataclasses import replace as changed
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from bs4 import BeautifulSoup, Tag
from sqlalchemy.orm import Session

from api.auth.pretend import sign_in_address
from api.coordinator.remedies import SENTENCES
from api.i18n import _, speaking
from tests.factories.world import Cared, World, a_template
from tests.serving import Server
from visits.guard.viewer import Role
from visits.organisation import Team
from visits.people import Carer, Coordinator, ProtectedIdentity
from visits.performed.visit import VisitState
from visits.planned.schedule import RemedyKind, Schedule, ScheduleState, UnplacedReason, UnplacedRemedy, UnplacedVisit
from visits.store import carers, runs, schedules, visits
from visits.store.runs import Run, RunState
from visits.terms import RunId, ScheduleId

DAY = "/planering/2026-11-23"


@dataclass
class Office:
    """A coordinator at the desk at 09:40, with two carers and two citizens."""

    world: World
    team: Team
    amira: Carer
    jonas: Carer
    astrid: Cared
    bertil: Cared
    coordinator: Coordinator
    client: httpx.Client

    def publish(self, *stops: tuple[Cared, Carer, str], state: ScheduleState = ScheduleState.PUBLISHED) -> Schedule:
        made = self.world.published(self.team, stops, state=state)
        self.world.session.commit()
        return made

    def page(self, address: str = DAY) -> BeautifulSoup:
        reply = self.client.get(address, headers={"Accept": "text/html"})
        assert reply.status_code == 200, reply.text
        return BeautifulSoup(reply.text, "html.parser")

    def post(self, what: str, **fields: object) -> httpx.Response:
        csrf = self.client.get("/api/v1/session").json()["csrf"]
        return self.client.post(f"{DAY}/{what}", data={"csrf": csrf, **fields}, headers={"Accept": "text/html"})


@pytest.fixture
def office(session: Session, server: Server, client: httpx.Client) -> Office:
    world = World(session)
    team = world.team("Tumba norra")
    coordinator = world.coordinator(team)
    made = Office(
        world=world,
        team=team,
        amira=world.carer(team, "Amira"),
        jonas=world.carer(team, "Jonas"),
        astrid=world.cared(team, world.citizen("Astrid")),
        bertil=world.cared(team, world.citizen("Bertil")),
        coordinator=coordinator,
        client=client,
    )
    session.commit()
    client.get(sign_in_address(server.settings, Role.COORDINATOR, coordinator.id))
    return made


def text_of(page: BeautifulSoup, selector: str) -> str:
    found = page.select_one(selector)
    assert found is not None, f"nothing at {selector}"
    return " ".join(found.get_text(" ").split())


def one(page: BeautifulSoup, selector: str) -> Tag:
    (found,) = page.select(selector)
    return found


def a_draft_of(held: Schedule, **differing: object) -> Schedule:
    values = {"id": ScheduleId(uuid4()), "state": ScheduleState.DRAFT, "published_at": None, **differing}
    return changed(held, **values)  # type: ignore[arg-type]


def test_planering_leads_to_today(office: Office) -> None:
    assert office.client.get("/planering").headers["location"] == DAY
    assert office.client.get("/planering?dag=2026-12-24").headers["location"] == "/planering/2026-12-24"


def test_a_day_not_yet_planned_says_so_and_offers_to_plan_it(office: Office) -> None:
    page = office.page()
    assert "Dagen är inte planerad än. 2 besök ska bli av, 2 i personalen arbetar." in text_of(page, "#korning")
    assert page.select_one(f'form[action="{DAY}/planera"] button.primary') is not None


def test_a_day_without_anybody_at_work_says_what_is_missing(office: Office) -> None:
    page = office.page("/planering/2026-12-24")
    assert "Lägg in arbetspass först" in text_of(page, "#korning")


def test_each_carer_is_a_row_with_an_ordered_list_of_visits(office: Office) -> None:
    office.publish((office.astrid, office.amira, "10:00"), (office.bertil, office.amira, "11:00"))
    page = office.page()
    rows = page.select(".rows > .row")
    assert [row.select_one(".who strong").get_text() for row in rows] == [office.amira.name, office.jonas.name]  # type: ignore[union-attr]
    visits_of_amira = [" ".join(item.get_text(" ").split()) for item in rows[0].select(".lane ol > li a.visit")]
    assert visits_of_amira[0].startswith("10.00–10.30, Astrid")
    assert "Morgonhjälp, Planerat" in visits_of_amira[0]
    assert "restid 5 min" in visits_of_amira[0]
    assert visits_of_amira[1].startswith("11.00–11.30, Bertil")


def test_the_page_says_in_words_what_is_late_in_progress_and_done(office: Office) -> None:
    late, started = office.publish(
        (office.astrid, office.amira, "09:20"), (office.bertil, office.jonas, "09:30")
    ).placements
    visits.set_state(office.world.session, [started.visit_id], VisitState.STARTED)
    office.world.session.commit()
    page = office.page()
    assert "Försenat" in text_of(page, f'a.visit[data-visit="{late.visit_id}"]')
    assert "Pågår" in text_of(page, f'a.visit[data-visit="{started.visit_id}"]')
    assert "Försenade nu 1" in text_of(page, "#tal")


def test_the_panel_of_a_visit_opens_by_address_alone(office: Office) -> None:
    held = office.publish((office.astrid, office.amira, "10:00"))
    page = office.page(f"{DAY}?besok={held.placements[0].visit_id}")
    told = text_of(page, "#besok")
    for part in (
        office.astrid.citizen.name,
        "Morgonhjälp",
        "07.00–10.30",
        "10.00–10.30",
        office.amira.name,
        "Planerat",
    ):
        assert part in told
    assert "Portkod" not in told


def test_a_protected_address_is_not_shown(office: Office) -> None:
    hidden = office.world.cared(office.team, office.world.citizen("Elsa", protected=ProtectedIdentity.SECRECY_MARK))
    office.publish((hidden, office.amira, "10:00"))
    told = text_of(office.page(f"{DAY}?besok={hidden.visit()}"), "#besok")
    assert "Skyddade personuppgifter" in told
    assert hidden.citizen.address not in told


def test_a_visit_of_another_team_cannot_be_opened(office: Office) -> None:
    others = office.world.team()
    theirs = office.world.cared(others)
    office.world.published(others, [(theirs, office.world.carer(others), "10:00")])
    office.world.session.commit()
    assert office.client.get(f"{DAY}?besok={theirs.visit()}").status_code == 404


def test_an_unplaced_visit_is_told_with_its_reason(office: Office) -> None:
    held = office.publish((office.astrid, office.amira, "10:00"))
    reason = UnplacedReason(code="NO_SKILLED_CARER_ON_SHIFT", share=1.0, params={"skills": "delegation"})
    lacking = UnplacedVisit(visit_id=office.bertil.visit(), citizen_id=office.bertil.id, part=1, reasons=(reason,))
    schedules.add(office.world.session, a_draft_of(held, unplaced=(lacking,)))
    office.world.session.commit()
    told = text_of(office.page(), "#utan-plats")
    assert office.bertil.citizen.name in told
    assert "Ingen i passet har delegering (100 % av personalen)" in told


def test_what_would_help_an_unplaced_visit_is_told_with_names_and_what_it_costs_others(office: Office) -> None:
    held = office.publish((office.astrid, office.amira, "10:00"))
    amira, start_at = office.amira.id, held.placements[0].start_at
    wider = UnplacedRemedy(
        kind=RemedyKind.WINDOW, carer_id=amira, start_at=start_at, extra_seconds=-90, told=0, earlier_minutes=20
    )
    moved = UnplacedRemedy(
        kind=RemedyKind.MOVE,
        carer_id=amira,
        start_at=start_at,
        extra_seconds=720,
        told=2,
        others=(office.astrid.visit(),),
    )
    longer = UnplacedRemedy(
        kind=RemedyKind.SHIFT,
        carer_id=amira,
        start_at=start_at,
        extra_seconds=0,
        told=1,
        later_minutes=5,
        helped=office.jonas.id,
    )
    lacking = UnplacedVisit(
        visit_id=office.bertil.visit(),
        citizen_id=office.bertil.id,
        part=1,
        reasons=(),
        remedies=(wider, moved, longer),
    )
    schedules.add(office.world.session, a_draft_of(held, unplaced=(lacking,)))
    office.world.session.commit()
    told = text_of(office.page(), "#utan-plats")
    place = f"Får plats hos {office.amira.name} kl. 10.00"
    assert f"{place} om det får börja 20 min tidigare {place}" in told
    assert (
        f"{place} om besöket hos {office.astrid.citizen.name} flyttas "
        "(motsvarar 12 min mer restid, 2 andra behöver få veta)"
    ) in told
    assert f"{place} om {office.jonas.name} slutar 5 min senare (1 annan behöver få veta)" in told
    detail = text_of(office.page(f"{DAY}?besok={office.bertil.visit()}"), "#besok")
    assert "Vad som skulle hjälpa" in detail
    assert "börja 20 min tidigare" in detail


@pytest.mark.parametrize("kind", RemedyKind)
def test_every_remedy_has_its_sentence_whichever_end_it_opens(kind: RemedyKind) -> None:
    sides = (True, False) if kind in {RemedyKind.WINDOW, RemedyKind.SHIFT} else (False,)
    for earlier in sides:
        with speaking("en"):
            assert _(SENTENCES[kind, earlier], carer="", time="", amount="", skill="", helped="", others="").startswith(
                "Fits with"
            )


def test_the_draft_says_what_changes_for_whom_and_how_many_must_be_told(office: Office) -> None:
    office.publish((office.astrid, office.amira, "10:00"), (office.bertil, office.jonas, "11:00"))
    office.publish(
        (office.astrid, office.jonas, "10:30"), (office.bertil, office.jonas, "11:00"), state=ScheduleState.DRAFT
    )
    page = office.page()
    told = text_of(page, "#utkast")
    assert "1 person behöver få veta." in told
    (line,) = page.select("#utkast tbody tr")
    words = " ".join(line.get_text(" ").split())
    assert words == (
        f"{office.astrid.citizen.name} Ny tid och annan personal från 10.00 → till 10.30 "
        f"från {office.amira.name} → till {office.jonas.name}"
    )
    assert "Utkast" in text_of(page, ".lane-draft .lane-name")


def test_a_draft_can_be_discarded_by_a_plain_form(office: Office) -> None:
    office.publish((office.astrid, office.amira, "10:00"))
    draft = office.publish((office.astrid, office.jonas, "10:00"), state=ScheduleState.DRAFT)
    reply = office.post("kassera", schedule_id=str(draft.id))
    assert reply.status_code == 303
    page = office.page(reply.headers["location"])
    assert "Utkastet är borttaget" in text_of(page, "#lage")
    assert "Inget utkast" in text_of(page, "#utkast")


def test_a_draft_can_be_published_by_a_plain_form(office: Office) -> None:
    stops = (office.astrid, office.amira, "10:00"), (office.bertil, office.jonas, "10:00")
    draft = office.publish(*stops, state=ScheduleState.DRAFT)
    reply = office.post("publicera", schedule_id=str(draft.id))
    assert reply.status_code == 303, reply.text
    page = office.page(reply.headers["location"])
    assert "Planeringen gäller nu" in text_of(page, "#lage")
    assert "Planerat" in text_of(page, "a.visit")


def test_who_is_left_out_is_named_before_publishing_and_one_reason_is_enough_for_several(office: Office) -> None:
    draft = office.publish(state=ScheduleState.DRAFT)
    left = text_of(office.page(), "#glomda")
    assert "Astrid" in left
    assert "Bertil" in left
    assert "ingen kommer" in left
    assert "Morgonhjälp, 30 min, börjar 07.00–10.30" in left
    refused = office.post("publicera", schedule_id=str(draft.id))
    assert refused.status_code == 403
    assert "2 rader återstår" in refused.text

    assert office.post("kvittera", schedule_id=str(draft.id), reason="Hos dottern").status_code == 422
    assert office.post("kvittera", schedule_id=str(draft.id), reason=" ", alla="1").status_code == 422
    one = {"schedule_id": str(draft.id), "reason": "Hos dottern", "about": str(office.astrid.visit())}
    page = office.page(office.post("kvittera", **one).headers["location"])
    assert "Skälet är sparat" in text_of(page, "#lage")
    told = text_of(page, "#glomda details")
    assert "Astrid" in told
    assert "Hos dottern" in told
    assert f"{office.coordinator.name}, 23 nov. 09.4" in told
    assert office.post("kvittera", schedule_id=str(draft.id), reason="Har ringt", alla="1").status_code == 303
    assert "Ingen är glömd" in text_of(office.page(), "#glomda")
    assert office.post("publicera", schedule_id=str(draft.id)).status_code == 303


def test_work_against_the_rules_is_named_with_who_and_how_much(office: Office) -> None:
    """10.00 to 15.30 with the way there is 5 h 35 min in a row; 16.00 is the end of the shift."""
    late = office.world.cared(office.team, templates=[a_template(window=("12:00", "16:00"))])
    stops = (
        (office.astrid, office.amira, "10:00"),
        (late, office.amira, "15:00"),
        (office.bertil, office.jonas, "15:45"),
    )
    draft = office.publish(*stops, state=ScheduleState.DRAFT)
    told = text_of(office.page(), "#glomda")
    assert f"{office.amira.name} , 09.55: 5 tim 35 min arbete utan rast, längst tillåtet är 5 tim" in told
    assert f"{office.jonas.name} , 15.45: Besöket ligger utanför arbetspasset" in told
    refused = office.post("publicera", schedule_id=str(draft.id))
    assert refused.status_code == 403
    assert "arbetstidsreglerna på 2 ställen" in refused.text


def test_the_drafts_of_several_days_are_published_together_or_not_at_all(office: Office) -> None:
    tuesday = office.world.on + timedelta(days=1)
    for carer in (office.amira, office.jonas):
        office.world.shift(carer, "07:00", "16:00", on=tuesday)
    stops = (office.astrid, office.amira, "10:00"), (office.bertil, office.jonas, "10:00")
    today = office.publish(*stops, state=ScheduleState.DRAFT)
    next_day = office.world.published(office.team, stops, on=tuesday, state=ScheduleState.DRAFT)
    office.world.session.commit()
    assert "Publicera utkasten för 2 dagar" in text_of(office.page(), "#utkast")
    assert office.post("publicera", schedule_id=[str(today.id), str(uuid4())]).status_code == 404
    assert "Utkast" in text_of(office.page(), '#dagar a[aria-current="date"]')
    assert office.post("publicera", schedule_id=[str(today.id), str(next_day.id)]).status_code == 303
    page = office.page()
    assert [text.split()[-1] for text in (one.get_text() for one in page.select("#dagar a")[:2])] == ["Publicerad"] * 2


def test_a_draft_that_is_gone_is_refused_with_a_page_that_says_so(office: Office) -> None:
    draft = office.publish((office.astrid, office.amira, "10:00"), state=ScheduleState.DISCARDED)
    reply = office.post("publicera", schedule_id=str(draft.id))
    assert reply.status_code == 409
    assert "har ändrats" in reply.text


def test_planning_seven_days_asks_for_a_run_of_each(office: Office) -> None:
    reply = office.post("planera", days="7")
    assert reply.status_code == 303
    session = office.world.session
    asked = [runs.newest(session, office.team.id, office.world.on + timedelta(days=ahead)) for ahead in range(8)]
    assert [run is not None for run in asked] == [True] * 7 + [False]


def test_more_than_seven_days_at_once_are_not_planned(office: Office) -> None:
    assert office.post("planera", days="8").status_code == 422
    assert runs.newest(office.world.session, office.team.id, office.world.on) is None


def test_a_run_under_way_is_told_in_words_and_can_be_stopped(office: Office) -> None:
    progress = {"seconds": 5.2, "limit_seconds": 8, "placed": 86, "unplaced": 2, "cost": 5400, "phase": "improve"}
    run = Run(
        id=RunId(uuid4()),
        team_id=office.team.id,
        on=office.world.on,
        state=RunState.RUNNING,
        asked_at=office.world.at("09:39"),
        asked_by=None,
        why="asked",
        progress=progress,
    )
    runs.add(office.world.session, run)
    office.world.session.commit()
    told = text_of(office.page(), "#korning")
    assert "65 % · 5 s · 86 besök har plats · 2 utan plats · motsvarar 1 tim 30 min restid" in told
    assert office.post("avbryt", run_id=str(run.id)).status_code == 303
    office.world.session.rollback()
    assert runs.run(office.world.session, run.id).cancel_asked
    assert "Avbryter" in text_of(office.page(), "#korning")


def test_a_carer_reported_ill_is_marked_and_no_longer_to_be_chosen(office: Office) -> None:
    office.publish((office.astrid, office.amira, "10:00"))
    reply = office.post("franvaro", carer_id=str(office.amira.id), reason="ill")
    assert reply.status_code == 303
    page = office.page(reply.headers["location"])
    assert "Frånvarande" in text_of(page, ".row-absent .who")
    assert office.amira.name not in text_of(page, "#carer")
    assert carers.absent_on(office.world.session, office.team.id, office.world.on) == {office.amira.id}


def test_a_citizen_reported_away_gets_no_visit(office: Office) -> None:
    office.publish((office.astrid, office.amira, "10:00"))
    reply = office.post("borta", citizen_id=str(office.astrid.id), last_on="2026-11-24", reason="hospital")
    assert reply.status_code == 303, reply.text
    assert "Inställt" in text_of(office.page(), "a.visit")


def test_a_last_day_before_the_first_is_refused_by_name(office: Office) -> None:
    reply = office.post("borta", citizen_id=str(office.astrid.id), last_on="2026-11-20", reason="hospital")
    assert reply.status_code == 422
    assert "last_on" in reply.text


@pytest.mark.parametrize(
    ("what", "fields"),
    [
        ("publicera", {"schedule_id": str(uuid4())}),
        ("kassera", {"schedule_id": str(uuid4())}),
        ("kvittera", {"schedule_id": str(uuid4()), "reason": "Hos dottern", "alla": "1"}),
        ("avbryt", {"run_id": str(uuid4())}),
        ("franvaro", {"carer_id": str(uuid4()), "reason": "ill"}),
        ("borta", {"citizen_id": str(uuid4()), "reason": "other", "last_on": "2026-11-23"}),
    ],
)
def test_what_is_not_there_is_not_found(office: Office, what: str, fields: dict[str, str]) -> None:
    assert office.post(what, **fields).status_code == 404


def test_anothers_carer_cannot_be_reported(office: Office) -> None:
    theirs = office.world.carer(office.world.team())
    office.world.session.commit()
    assert office.post("franvaro", carer_id=str(theirs.id), reason="ill").status_code == 404


def test_a_form_without_its_token_does_nothing(office: Office) -> None:
    reply = office.client.post(f"{DAY}/planera", data={"days": "1"})
    assert reply.status_code == 403
    assert runs.newest(office.world.session, office.team.id, office.world.on) is None


@pytest.mark.parametrize("role", [Role.CITIZEN, Role.CARER])
def test_the_page_is_for_coordinators_only(office: Office, server: Server, role: Role) -> None:
    person = {Role.CITIZEN: office.astrid.id, Role.CARER: office.amira.id}[role]
    office.client.get(sign_in_address(server.settings, role, person))
    assert office.client.get(DAY).status_code == 404


def test_a_date_that_is_none_is_told_as_such(office: Office) -> None:
    assert office.client.get("/planering/igar").status_code == 422


def test_the_json_has_an_etag_that_holds_until_the_day_changes(office: Office) -> None:
    office.publish((office.astrid, office.amira, "10:00"))
    address = f"/api/v1/teams/{office.team.id}/days/2026-11-23"
    first = office.client.get(address)
    assert [stop["citizen"] for stop in first.json()["published"]["stops"]] == [office.astrid.citizen.name]
    again = office.client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    office.post("franvaro", carer_id=str(office.jonas.id), reason="ill")
    later = office.client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert later.status_code == 200
    assert later.json()["digest"] != first.json()["digest"]


def test_a_step_of_a_runs_progress_leaves_the_digest_as_it_was(office: Office) -> None:
    address = f"/api/v1/teams/{office.team.id}/days/2026-11-23"
    run = Run(
        id=RunId(uuid4()),
        team_id=office.team.id,
        on=office.world.on,
        state=RunState.RUNNING,
        asked_at=office.world.at("09:39"),
        asked_by=None,
        why="asked",
    )
    runs.add(office.world.session, run)
    office.world.session.commit()
    before = office.client.get(address).json()
    runs.change(office.world.session, run.id, progress={"seconds": 4, "limit_seconds": 8})
    office.world.session.commit()
    after = office.client.get(address).json()
    assert (before["run"]["percent"], after["run"]["percent"]) == (None, 50)
    assert before["digest"] == after["digest"]


def test_the_json_of_another_team_is_not_found(office: Office) -> None:
    other = office.world.team()
    office.world.session.commit()
    assert office.client.get(f"/api/v1/teams/{other.id}/days/2026-11-23").status_code == 404


def test_the_page_speaks_english_too(office: Office) -> None:
    office.publish((office.astrid, office.amira, "10:00"))
    office.client.cookies.set("sprak", "en")
    assert "The day, carer by carer" in text_of(office.page(), "#tidslinje")
