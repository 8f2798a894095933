"""A plain form with numbered rows (``minutes-3``), read row by row; what is wrong is named with its row's number."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from starlette.datastructures import FormData

from visits.errors import Invalid

_Word = TypeVar("_Word", bound=StrEnum)


async def _form(request: Request) -> FormData:
    return await request.form()


SentForm = Annotated[FormData, Depends(_form)]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the form; a field that is wrong is named with its row's number."""

    number: int
    form: FormData

    def text(self, name: str) -> str:
        found = self.form.get(f"{name}-{self.number}", "")
        return found.strip() if isinstance(found, str) else ""

    def texts(self, name: str) -> list[str]:
        return [one for one in self.form.getlist(f"{name}-{self.number}") if isinstance(one, str)]

    def wrong(self, name: str, why: str) -> Invalid:
        return Invalid(field=f"{name}-{self.number}", value=self.text(name), why=why)

    def whole(self, name: str, *, at_least: int, at_most: int) -> int:
        text = self.text(name)
        if not text.isascii() or not text.isdigit() or not at_least <= int(text[:6]) <= at_most:
            raise self.wrong(name, f"must be a whole number from {at_least} to {at_most}")
        return int(text)

    def wall(self, name: str) -> time:
        try:
            return time.fromisoformat(self.text(name)).replace(tzinfo=None)
        except ValueError:
            raise self.wrong(name, "must be a time of day, like 08:30") from None

    def word(self, name: str, words: type[_Word]) -> _Word:
        try:
            return words(self.text(name))
        except ValueError:
            raise self.wrong(name, f"must be one of {', '.join(word.value for word in words)}") from None

    def words(self, name: str, words: type[_Word]) -> list[_Word]:
        try:
            return [words(one) for one in self.texts(name) if one]
        except ValueError:
            raise self.wrong(name, f"must be among {', '.join(word.value for word in words)}") from None

    @contextmanager
    def named(self) -> Iterator[None]:
        """What a record made of this row says of its own fields is told of the row's."""
        try:
            yield
        except Invalid as wrong:
            field = str(wrong.params["field"])
            named = field if field.endswith(f"-{self.number}") else f"{field}-{self.number}"
            raise Invalid(field=named, value=wrong.params["value"], why=str(wrong.params["why"])) from None
