"""One bad file and what has to be said about it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.tasks.sources.corpus.formats import EVERY, FORMATS, Sheets
from tests.tasks.sources.corpus.ledger import Ledger, Spoil, ledger
from tests.tasks.sources.files import FEES

SHEET = f"，工作表 {FEES}："


@dataclass(frozen=True)
class Case:
    """A bad file.

    Attributes:
        kind: What is wrong.
        form: The form it is made in.
        ending: Of its name.
        make: Makes its contents.
        said: Everything that the refusal says behind the name of the file; of a tuple, the beginning and parts.
        change: What the contract says otherwise.
    """

    kind: str
    form: str
    ending: str
    make: Callable[[], bytes]
    said: str | tuple[str, ...]
    change: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.form}".replace(" ", "-")

    @property
    def file(self) -> str:
        return f"fees_2023.{self.ending}"


@dataclass(frozen=True)
class Kind:
    """A way of spoiling a ledger that says the same in several forms.

    Attributes:
        name: Of the kind.
        spoil: What is done to the ledger.
        said: What is said behind the place.
        forms: The forms it is done in.
        change: What the contract says otherwise.
        beside: Other sheets of the same file, before this one.
        placed: False where the words are about the whole file.
    """

    name: str
    spoil: Spoil
    said: str | tuple[str, ...]
    forms: Sequence[str] = EVERY
    change: Mapping[str, Any] = field(default_factory=dict)
    beside: Sheets = ()
    placed: bool = True

    def cases(self) -> Iterator[Case]:
        for name in self.forms:
            form = FORMATS[name]
            place = SHEET if form.named and self.placed else "："
            said = place + self.said if isinstance(self.said, str) else (place + self.said[0], *self.said[1:])
            yield Case(self.name, name, form.ending, self._maker(name), said, self.change)

    def _maker(self, name: str) -> Callable[[], bytes]:
        def make() -> bytes:
            made: list[Ledger] = [*self.beside, self.spoil(ledger())]
            return FORMATS[name].write(made)

        return make
