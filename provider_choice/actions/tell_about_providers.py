"""Tell the facts by which citizens compare providers."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from provider_choice.providers import ProviderFacts
from provider_choice.store import providers


def tell_about_providers(session: Session, facts: Sequence[ProviderFacts]) -> None:
    """Store the facts of providers about whom nothing was told before."""
    providers.add(session, facts)
