"""Reporting an incident and handling it, over HTTP: who reports, who sees, and what can never be changed."""

import re
from collections.abc import Iterator
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from api.auth.pretend import sign_in_address
from tests.factories.a_day import ADay, a_day
from tests.patience import SECONDS
from tests.serving import Server
from visits.actions.report_incident import report_incident
from visits.actions.take_incident_step import take_incident_step
from visits.errors import NotFound
from visits.guard.viewer import Role
from visits.people import ProtectedIdentity
from visits.performed.incidents import StepKind
from visits.store import incidents
from visits.store.incidents import incident_steps

TEXT = "Berit hade ramlat. Ingen hade larmat."


@pytest.fixture
def day(session: Session) -> ADay:
    return a_day(session)


class Browser:
    """One browser in which people sign in after one another."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.http = httpx.Client(
            base_url=server.url, timeout=SECONDS, headers={"Accept": "text/html"}, follow_redirects=True
        )

    def enter(self, role: Role, person_id: UUID) -> "Browser":
        self.http.get(sign_in_address(self.server.settings, role, person_id))
        return self

    def get(self, path: str) -> httpx.Response:
        return self.http.get(path)

    def post(self, path: str, **fields: str) -> httpx.Response:
        csrf = self.http.get("/api/v1/session", headers={"Accept": "application/json"}).json()["csrf"]
        return self.http.post(path, data={"csrf": csrf, **fields})


@pytest.fixture
def browser(server: Server) -> Iterator[Browser]:
    made = Browser(server)
    yield made
    made.http.close()


def test_a_carer_reports_and_the_manager_takes_it_to_its_end(browser: Browser, day: ADay) -> None:
    vera = day.world.manager(day.team)
    day.session.commit()
    browser.enter(Role.CARER, day.jonas.id)
    assert "Anmäl en händelse" in browser.get("/pass").text
    sent = browser.post("/avvikelse/anmal", text=TEXT, happened_on="2026-11-23", citizen_id=str(day.berit.id))
    assert (sent.status_code, sent.url.path) == (200, "/avvikelse")
    assert "Anmält, väntar på utredning" in sent.text
    browser.enter(Role.MANAGER, vera.id)
    assert "Berit" not in browser.get("/verksamhet/avvikelser").text, "the list names nobody"
    [path] = re.findall(r'href="(/verksamhet/avvikelser/[0-9a-f-]{36})"', browser.get("/verksamhet/avvikelser").text)
    page = browser.get(path).text
    assert TEXT in page
    assert f"Jonas {day.jonas.family_name}" in page
    assert day.berit.citizen.name in page
    assert 'value="closed"' not in page
    for kind, text in (
        ("investigation_begun", ""),
        ("remedied", "Larm i badrummet."),
        ("found_serious", "Kunde ha slutat illa."),
    ):
        page = browser.post(f"{path}/steg", kind=kind, text=text).text
    assert "ska utan dröjsmål anmälas till IVO" in page
    assert browser.post(f"{path}/steg", kind="closed", text="Klart.").status_code == 403
    browser.post(f"{path}/steg", kind="notified", text="I e-tjänsten, dnr 1.")
    page = browser.post(f"{path}/steg", kind="closed", text="Klart.").text
    assert "Avslutat" in page
    assert page.index("Anmält") < page.index("Larm i badrummet.") < page.index("dnr 1") < page.index("Klart.")
    own = browser.enter(Role.CARER, day.jonas.id).get("/avvikelse").text
    assert "Avslutat" in own
    assert "Larm i badrummet." not in own, "whoever reported sees how far it has come, not the investigation"


def test_a_report_that_cannot_be_stored_is_shown_again_as_it_was_written(browser: Browser, day: ADay) -> None:
    browser.enter(Role.CARER, day.jonas.id)
    again = browser.post("/avvikelse/anmal", text=TEXT, happened_on="2026-11-24")
    assert again.status_code == 422
    assert TEXT in again.text
    assert "2026-11-24" in again.text
    assert "Ingenting har sparats än." in again.text
    assert "Du har inte anmält något." in browser.get("/avvikelse").text


def test_only_the_manager_of_the_provider_and_whoever_reported_see_it(browser: Browser, day: ADay) -> None:
    reporter, other_carer = day.world.as_carer(day.jonas), day.world.as_carer(day.amira)
    made = report_incident(
        day.session, reporter, happened_on=day.world.on, text=TEXT, citizen_id=day.berit.id, now=day.at("09:30")
    )
    own, stranger = day.world.manager(day.team), day.world.manager(day.world.team())
    assert incidents.incident(day.session, day.world.as_manager(own), made.id).report.text == TEXT
    assert incidents.incidents_of(day.session, reporter) == [made]
    assert incidents.incidents_of(day.session, other_carer) == []
    assert incidents.incidents_of(day.session, day.world.as_coordinator(day.team)) == []
    for viewer in (other_carer, day.world.as_manager(stranger)):
        with pytest.raises(NotFound):
            incidents.incident(day.session, viewer, made.id)
    for viewer in (reporter, day.world.as_manager(stranger), day.world.as_coordinator(day.team)):
        with pytest.raises(NotFound):
            take_incident_step(
                day.session, viewer, made.id, kind=StepKind.INVESTIGATION_BEGUN, text="", now=day.at("09:40")
            )
    day.session.commit()
    path = f"/verksamhet/avvikelser/{made.id}"
    assert browser.enter(Role.MANAGER, stranger.id).get(path).status_code == 404
    for role, person_id in ((Role.CITIZEN, day.berit.id), (Role.RELATIVE, day.world.relative(day.berit).id)):
        day.session.commit()
        browser.enter(role, person_id)
        assert browser.get(path).status_code == browser.get("/avvikelse").status_code == 404


def test_nobody_is_named_who_is_not_in_the_reporters_sight(day: ADay) -> None:
    strange = day.world.cared(day.world.team())
    for citizen_id in (strange.id, uuid4()):
        with pytest.raises(NotFound):
            report_incident(
                day.session,
                day.world.as_carer(day.jonas),
                happened_on=day.world.on,
                text=TEXT,
                citizen_id=citizen_id,  # type: ignore[arg-type]
                now=day.at("09:30"),
            )


def test_a_protected_identity_is_not_named_to_the_manager(browser: Browser, day: ADay) -> None:
    hidden = day.world.cared(day.team, day.world.citizen(protected=ProtectedIdentity.SECRECY_MARK))
    coordinator = day.world.as_coordinator(day.team)
    made = report_incident(
        day.session, coordinator, happened_on=day.world.on, text="Låst ute.", citizen_id=hidden.id, now=day.at("09:30")
    )
    vera = day.world.manager(day.team)
    day.session.commit()
    page = browser.enter(Role.MANAGER, vera.id).get(f"/verksamhet/avvikelser/{made.id}").text
    assert hidden.citizen.family_name not in page
    assert "skyddade personuppgifter" in page


def test_no_program_changes_a_journal(day: ADay) -> None:
    report_incident(
        day.session,
        day.world.as_carer(day.jonas),
        happened_on=day.world.on,
        text=TEXT,
        citizen_id=None,
        now=day.at("09:30"),
    )
    for statement in (update(incident_steps).values(text="Inget."), delete(incident_steps)):
        with pytest.raises(DBAPIError, match="never overwritten"), day.session.begin_nested():
            day.session.execute(statement)
