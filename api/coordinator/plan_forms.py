"""The visits of a plan as a plain form: one row each, numbered, with empty rows at the end for new ones."""

from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4

from starlette.datastructures import FormData

from api.filled_form import Row
from visits.granted.visit_templates import Priority, VisitTemplate
from visits.terms import ServiceCode, Skill, VisitTemplateId, check_text

NEW_ROWS = 2
MOST_ROWS = 40
LONGEST_INSTRUCTIONS = 2000


def templates_sent(form: FormData, known: Sequence[VisitTemplate]) -> tuple[VisitTemplate, ...]:
    """The visits as they were filled in, under new ids: a row without minutes, or marked to go, is none.

    What the form does not show goes over from the known visit that a row came from: the visit that it waits for.
    """
    rows = [row for row in (Row(number, form) for number in range(MOST_ROWS)) if row.text("minutes")]
    kept = [row for row in rows if not row.text("gone")]
    by_id = {str(template.id): template for template in known}
    ids = {row.number: VisitTemplateId(uuid4()) for row in kept}
    renamed: dict[str, VisitTemplateId] = {row.text("from"): ids[row.number] for row in kept if row.text("from")}
    made = [_template(row, ids[row.number], by_id.get(row.text("from")), renamed) for row in kept]
    return _predecessors_first(made)


def _template(
    row: Row, template_id: VisitTemplateId, was: VisitTemplate | None, renamed: Mapping[str, VisitTemplateId]
) -> VisitTemplate:
    after = None if was is None or was.after is None else renamed.get(str(was.after))
    instructions = row.text("instructions")
    check_text(instructions, field=f"instructions-{row.number}", at_most=LONGEST_INSTRUCTIONS)
    with row.named():
        return VisitTemplate(
            id=template_id,
            codes=tuple(dict.fromkeys(row.words("code", ServiceCode))),
            instructions=instructions,
            weekdays=frozenset(_weekdays(row)),
            earliest=row.wall("earliest"),
            latest=row.wall("latest"),
            wish_earliest=row.wall("wish_earliest"),
            wish_latest=row.wall("wish_latest"),
            minutes=row.whole("minutes", at_least=1, at_most=24 * 60),
            staff_required=row.whole("staff", at_least=1, at_most=2),
            skills=frozenset(row.words("skill", Skill)),
            priority=row.word("priority", Priority),
            every_weeks=row.whole("every", at_least=1, at_most=52),
            after=after,
            min_gap_minutes=was.min_gap_minutes if was is not None and after is not None else 0,
            times=row.whole("times", at_least=1, at_most=7) if row.text("times") else None,
            min_days_between=row.whole("between", at_least=1, at_most=6) if row.text("between") else 1,
        )


def _weekdays(row: Row) -> list[int]:
    days = row.texts("day")
    if not all(day in "0123456" and len(day) == 1 for day in days):
        raise row.wrong("day", "must be days 0 (Monday) to 6")
    return [int(day) for day in days]


def _predecessors_first(templates: list[VisitTemplate]) -> tuple[VisitTemplate, ...]:
    """A visit stands after the one that it waits for; the chain is as long as it was, so it ends."""
    by_id: dict[UUID, VisitTemplate] = {template.id: template for template in templates}

    def depth(template: VisitTemplate) -> int:
        return 0 if template.after is None else 1 + depth(by_id[template.after])

    return tuple(sorted(templates, key=depth))
