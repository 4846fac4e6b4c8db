"""Names, order numbers and amounts of one session, drawn from its seed. Apart, because Faker is known here only."""

import hashlib
import inspect
import random
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import TYPE_CHECKING, Any

from simulator.content.problem import quoted
from simulator.content.schema import Persona, Scenario, Slot
from simulator.errors import ContentError

if TYPE_CHECKING:
    from faker import Faker

PLAY_SLOTS = frozenset({"you_said", "promised_time", "promised"})
"""Filled while playing, from what the trainee just said; allowed in lines of the bank only."""

CAST_SLOTS = frozenset({"customer", "first_name"})
"""Filled from the persona's name, without being declared (a slot `first_name` may be declared all the same)."""

MOST_CHARACTERS = 2_000
"""Of a slot when it is filled: slots in slots could grow without end."""
MOST_NESTED = 20
"""Slots that wait for one another."""
MOST_NUMBER = 10**15
"""Above it sums would be written with an exponent, and no customer says such a number."""

_SLOT = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "rev"})
_GROUPS = frozenset(
    {"address", "automotive", "bank", "barcode", "color", "company", "currency"}
    | {"internet", "isbn", "job", "person", "phone_number", "ssn"}
)
"""Groups of Faker providers that give words a customer could say. Dates are left out: they depend on today."""

_Value = Slot | str | int | float | None


def slots_in(text: str) -> set[str]:
    """Names of the {slots} in a text."""
    return set(_SLOT.findall(text))


def fill(text: str, slots: Mapping[str, str]) -> str:
    """`text` with every {slot} replaced.

    Raises:
        ContentError: `slots` lacks one.
    """
    if unknown := sorted(slots_in(text) - slots.keys()):
        raise ContentError(f'There is no slot {{{unknown[0]}}}, used in "{text}".')
    return _SLOT.sub(lambda found: slots[found[1]], text)


def cast(scenario: Scenario, persona: Persona, seed: int) -> dict[str, str]:
    """All slots of both, plus `customer` and `first_name`. A scenario's slot goes before a persona's of that name.

    Each slot is drawn by itself, from the seed and its own name: adding one does not change the others.

    Raises:
        ContentError: a slot cannot be filled (unknown provider, unknown or circular reference, a sum of words).
    """
    casting = _Casting(scenario, persona, seed)
    return {name: casting.value(name) for name in casting.slots}


def slot_faults(scenario: Scenario, persona: Persona) -> dict[str, str]:
    """Slot name to why it cannot be filled, for those that cannot."""
    casting = _Casting(scenario, persona, seed=0)
    faults = {}
    for name in casting.slots:
        try:
            casting.value(name)
        except ContentError as error:
            faults[name] = str(error)
    return faults


class _Casting:
    """One session's slots, each filled when it is first asked for."""

    def __init__(self, scenario: Scenario, persona: Persona, seed: int) -> None:
        declared: dict[str, _Value] = {**persona.slots, **scenario.slots}
        self.slots = {"first_name": None, **declared, "customer": persona.name}
        self._reserved = declared.keys() & {"customer", *PLAY_SLOTS}
        self._seed = seed
        self._locale = persona.locale
        self._filled: dict[str, str] = {}
        self._open: list[str] = []

    def value(self, name: str) -> str:
        """The slot, filled; and with it those it mentions."""
        if name not in self._filled:
            if name in self._open:
                raise ContentError(f"The slots {' and '.join(sorted({*self._open, name}))} need each other.")
            if len(self._open) == MOST_NESTED:
                raise ContentError(f"The slot {self._open[0]} needs slots more than {MOST_NESTED} deep.")
            self._open.append(name)
            try:
                self._filled[name] = self._draw(name)
            finally:
                self._open.pop()
        return self._filled[name]

    def _draw(self, name: str) -> str:
        if name in self._reserved:
            raise ContentError(f'A slot cannot be called "{name}": that one fills itself.')
        if name not in self.slots:
            raise ContentError(f"There is no slot {{{name}}}.")
        match self.slots[name]:
            case None:
                return first_name(self.value("customer"))
            case Slot() as slot:
                return self._drawn(name, slot)
            case plain:
                return self._text(str(plain))

    def _drawn(self, name: str, slot: Slot) -> str:
        seed = _seed_of(self._seed, name)
        if slot.choice:
            return self._text(str(random.Random(seed).choice(slot.choice)))
        if slot.faker is not None:
            return fake(self._text(slot.faker), self._locale, seed)
        if not slot.sum:
            raise ContentError(f"The slot {name} is an empty list.")
        return str(sum((self._number(name, str(part)) for part in slot.sum), Decimal(0)))

    def _text(self, text: str) -> str:
        filled = (
            fill(text, {name: self.value(name) for name in slots_in(text)}) if len(text) <= MOST_CHARACTERS else text
        )
        if len(filled) > MOST_CHARACTERS:
            raise ContentError(f"The slot {self._open[-1]} would have more than {MOST_CHARACTERS:,} characters.")
        return filled

    def _number(self, name: str, part: str) -> Decimal:
        text = self.value(part) if part[:1].isalpha() else part
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("nan")
        if not number.is_finite():
            raise ContentError(f"The slot {name} adds up numbers, and {quoted(text)} is none.")
        if abs(number) >= MOST_NUMBER:
            raise ContentError(f"The slot {name} adds up numbers, and {quoted(text)} is too large a one.")
        return number


def first_name(name: str) -> str:
    """The first word of a name that is no title."""
    words = name.split()
    return next((word for word in words if word.rstrip(".").lower() not in _TITLES), name)


def fake(provider: str, locale: str, seed: int) -> str:
    """What a Faker provider gives for a seed, on one line.

    Args:
        provider: Its name, with a text argument after a colon if it takes one (`bothify:??####`).
        locale: The country whose names and numbers it gives (`en_GB`).
        seed: The same seed gives the same value.

    Raises:
        ContentError: unknown or unsuitable provider, unknown locale, an argument it refuses.
    """
    name, colon, argument = provider.partition(":")
    faker = _faker(locale)
    method = _method(faker, name, bool(colon))
    faker.seed_instance(seed)
    try:
        value = method(argument) if colon else method()
    except (TypeError, ValueError, LookupError) as error:
        raise ContentError(f'Faker\'s "{name}" cannot do anything with "{argument}": {error}') from error
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ContentError(f'Faker\'s "{name}" gives something that is neither words nor a number.')
    return ", ".join(str(value).splitlines())


def _method(faker: "Faker", name: str, takes_text: bool) -> Callable[..., Any]:
    found: Callable[..., Any] | None = None if name.startswith("_") else getattr(faker, name, None)
    module = getattr(getattr(found, "__func__", None), "__module__", "").split(".")
    if found is None or module[:2] != ["faker", "providers"] or not _GROUPS.issuperset(module[2:3]):
        raise ContentError(f'There is no Faker provider "{name}" that can be used here (first_name, bothify:??####).')
    parameters = list(inspect.signature(found).parameters.values())
    if takes_text and not (parameters and parameters[0].annotation is str):
        raise ContentError(f'Faker\'s "{name}" takes no text after a colon.')
    if any(parameter.default is parameter.empty for parameter in parameters[takes_text:]):
        raise ContentError(f'Faker\'s "{name}" needs more than one text to work with.')
    return found


@cache
def _faker(locale: str) -> "Faker":
    """An own instance for each locale: it is seeded before every draw, and nobody else draws from it."""
    from faker import Faker

    try:
        return Faker(locale)
    except (AttributeError, ValueError) as error:
        raise ContentError(f'Faker does not know the locale "{locale}" (en_GB, en_US, de_DE).') from error


def _seed_of(seed: int, name: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}/slot/{name}".encode()).digest()[:8], "big")
