"""All that the coordinator's room answers to."""

from fastapi import APIRouter

from api.coordinator import (
    deviations,
    forms,
    fortnight,
    gate,
    key_figures,
    live,
    mending,
    pages,
    phones,
    plan_pages,
    rosters,
    time,
)

router = APIRouter()
router.include_router(fortnight.router)
router.include_router(key_figures.router)
router.include_router(time.router)  # before the day's page, so that "tid" is not read as a day
router.include_router(deviations.router)
router.include_router(mending.router)
router.include_router(phones.router)
router.include_router(plan_pages.router)
router.include_router(rosters.router)
router.include_router(pages.router)
router.include_router(forms.router)
router.include_router(gate.router)
router.include_router(live.router)
