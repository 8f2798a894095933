"""Where a citizen stands in the choice: decisions and orders of home care, and who serves the district."""

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from provider_choice.choice import Situation, earliest_first_day
from provider_choice.first_day import FirstDays
from provider_choice.providers import offers_in
from provider_choice.store import providers
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.store import citizens, decisions, orders, teams
from visits.terms import CitizenId, Period, ServiceKind


def situation(
    session: Session, viewer: Viewer, citizen_id: CitizenId, *, taken_from_on: date | None = None
) -> Situation:
    """Where the citizen stands on the viewer's today; `NotFound` for a stranger.

    Places count as taken from `taken_from_on` (default: today) on.
    """
    citizen = citizens.citizen(session, viewer, Subject.CHOICE, citizen_id)
    ahead = Period(viewer.today)
    granted = decisions.decisions_in(session, viewer, citizens=[citizen_id], period=ahead, subject=Subject.CARE)
    ordered = orders.orders_of(session, viewer, citizens=[citizen_id], period=ahead)
    return Situation(
        citizen_id=citizen_id,
        on=viewer.today,
        decisions=tuple(
            sorted(
                (decision for decision in granted if decision.kind is ServiceKind.HOME_CARE),
                key=lambda decision: decision.valid.first_on,
            )
        ),
        orders=tuple(order for order in ordered if order.kind is ServiceKind.HOME_CARE),
        offers=offers_in(
            citizen.district,
            providers=teams.all_providers(session),
            teams=teams.all_teams(session),
            facts=providers.all_facts(session),
            taken=providers.places_taken(session, from_on=taken_from_on or viewer.today),
        ),
    )


def situation_at_start(
    session: Session, viewer: Viewer, citizen_id: CitizenId, *, rules: FirstDays, asked_on: date
) -> Situation:
    """The same, with places counted from the first day by the rule, for whoever asks (or has asked) on `asked_on`."""
    now_is = situation(session, viewer, citizen_id)
    starts_on = earliest_first_day(now_is, rules, asked_on=asked_on)
    taken = providers.places_taken(session, from_on=starts_on)
    return replace(
        now_is, offers=tuple(replace(offer, taken=taken.get(offer.provider.id, 0)) for offer in now_is.offers)
    )
