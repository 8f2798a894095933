"""A JSON value together with the path that leads to it, so that an error can say where it stands."""

from collections.abc import Iterator

from scheduler.errors import NOTHING, InvalidInput


class Value:
    """One value of a JSON document; `error` is the kind of InvalidInput raised when it is not what is asked for."""

    __slots__ = ("error", "path", "raw")

    def __init__(self, raw: object, path: str, error: type[InvalidInput]) -> None:
        self.raw = raw
        self.path = path
        self.error = error

    def fields(self, required: str, optional: str = "") -> dict[str, "Value"]:
        """The fields of an object; both lists are names with blanks between. Unknown and missing ones are errors."""
        if not isinstance(self.raw, dict):
            raise self.wrong("is not an object")
        known = {*required.split(), *optional.split()}
        for name in self.raw:
            if name not in known:
                raise self.error(self._below(name), self.raw[name], "stands in an unknown field")
        for name in required.split():
            if name not in self.raw:
                raise self.error(self._below(name), NOTHING, "stands here; the field is missing")
        return {name: Value(raw, self._below(name), self.error) for name, raw in self.raw.items()}

    def entries(self) -> Iterator[tuple[str, "Value"]]:
        """Keys and values of an object whose keys are ids."""
        if not isinstance(self.raw, dict):
            raise self.wrong("is not an object")
        for name, raw in self.raw.items():
            yield name, Value(raw, self._below(name), self.error)

    def items(self) -> Iterator["Value"]:
        if not isinstance(self.raw, list):
            raise self.wrong("is not a list")
        for index, raw in enumerate(self.raw):
            yield Value(raw, f"{self.path}[{index}]", self.error)

    def text(self) -> str:
        if not isinstance(self.raw, str):
            raise self.wrong("is not a text")
        if any("\ud800" <= letter <= "\udfff" for letter in self.raw):
            raise self.wrong("holds half a letter, which no file can")
        return self.raw

    def whole(self) -> int:
        if isinstance(self.raw, bool) or not isinstance(self.raw, int):
            raise self.wrong("is not a whole number")
        return self.raw

    def number(self) -> float:
        if isinstance(self.raw, bool) or not isinstance(self.raw, int | float):
            raise self.wrong("is not a number")
        return self.raw

    def yes_or_no(self) -> bool:
        if not isinstance(self.raw, bool):
            raise self.wrong("is not true or false")
        return self.raw

    def distinct_texts(self) -> list[str]:
        """A list of texts, each once."""
        seen: list[str] = []
        for item in self.items():
            if item.text() in seen:
                raise item.wrong("stands more than once")
            seen.append(item.text())
        return seen

    def wrong(self, why: str) -> InvalidInput:
        return self.error(self.path, self.raw, why)

    def _below(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name
