"""Everything that can be wrong, as the field sees it.

    CareError
    ├── NotFound      there is no such thing, or it is not yours to see: the two are told apart nowhere outside
    ├── Invalid       a value is wrong: names field, value and why
    ├── Conflict      two truths may not hold at once
    ├── Stale         what you decided on has changed since
    ├── Refused       the rules of the field say no: names the rule
    └── Unavailable   a thing this depends on is out of reach just now

None of them knows HTTP; `api/problems.py` says which is which status. `code` is stable and public.
"""

from typing import ClassVar


class CareError(Exception):
    """The root: a stable `code`, and the `params` that its sentence needs."""

    code: ClassVar[str] = "care_error"

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(f"{self.code}: {params}" if params else self.code)


class NotFound(CareError):
    code = "not_found"

    def __init__(self, *, what: str) -> None:
        super().__init__(what=what)


class Invalid(CareError, ValueError):
    code = "invalid"

    def __init__(self, *, field: str, value: object, why: str) -> None:
        super().__init__(field=field, value=value, why=why)


class Conflict(CareError):
    """Two truths that may not hold at once; `what` names the constraint."""

    code = "conflict"

    def __init__(self, *, what: str, **params: object) -> None:
        super().__init__(what=what, **params)


class Stale(CareError):
    code = "stale"

    def __init__(self, *, what: str, **params: object) -> None:
        super().__init__(what=what, **params)


class Refused(CareError):
    """A rule of the field says no; `rule` is a stable word for it."""

    code = "refused"

    def __init__(self, *, rule: str, **params: object) -> None:
        super().__init__(rule=rule, **params)


class Unavailable(CareError):
    code = "unavailable"

    def __init__(self, *, what: str) -> None:
        super().__init__(what=what)
