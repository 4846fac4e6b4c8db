"""A scenario as a page for people who read no YAML: briefing, customer, facts with their locks, rules, endings.

Apart from the briefing, which keeps from the trainee what this page tells the reviewer.
"""

from collections.abc import Iterable, Iterator

from simulator.briefing import Section, notes
from simulator.content.casting import PLAY_SLOTS, fill
from simulator.content.material import Material
from simulator.content.schema import Condition, Fact, Line, Promise, Rule, ScenarioTest, Slot
from simulator.rehearsing.expectations import levels_in_words
from simulator.reports.conditions import plainly, some_of
from simulator.reports.phrases import SHOWN
from simulator.reports.printing import closed, in_words
from simulator.reports.reasons import moved
from simulator.vocabulary import LEADING_FEELING, Feeling, Move, Value

_SCORING = "How replies are scored"
_PLACES = {"you_said": "the trainee's words", "promised": "the promise", "promised_time": "the time named"}
"""What stands in a line for what is only known in play."""


class Page(Value):
    """A headed page; paragraphs that open with "- " are items of a list."""

    title: str
    about: str
    sections: tuple[Section, ...]


def page(material: Material, *, every_line: bool = False) -> Page:
    """Everything about a scenario that a reviewer has to agree with, in the order a contact meets it.

    Args:
        material: Cast, so that every slot is filled.
        every_line: With all lines of the scenario's bank; else how many there are.
    """
    scenario = material.scenario
    about = f"{scenario.industry}, {scenario.channel}, {scenario.mood} customer, difficulty {scenario.difficulty} of 3"
    sections = (*_Writer(material).sections(), *(_lines(material) if every_line else ()))
    return Page(title=scenario.title, about=about, sections=tuple(one for one in sections if one.lines))


class _Writer:
    """Writes the sections of one scenario."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._scenario = material.scenario
        self._upset = LEADING_FEELING[material.scenario.mood]

    def sections(self) -> Iterator[Section]:
        """All but the bank; some may be empty."""
        scenario, facts = self._scenario, self._scenario.facts
        yield Section(title="In one sentence", lines=(scenario.summary,))
        yield from (one for one in notes(self._material, None) if one.title != _SCORING)
        yield Section(title="What has happened", lines=(self._fill(scenario.situation),))
        yield Section(title="What would settle it, in the customer's eyes", lines=(self._fill(scenario.wants),))
        yield from self._customer()
        yield _list("What the customer tells anyone", (self._fact(one) for one in facts if one.unlock is None))
        kept = (self._fact(one) for one in facts if one.unlock is not None)
        yield _list("What the customer keeps back, and until when", kept)
        yield _list("What happens in mid-contact", self._events())
        yield _list("What can be promised", (self._promise(*item) for item in scenario.promises.items()))
        yield _list("How it can end", self._endings())
        yield _list("What moves this customer beside the rules for everyone", map(self._rule, scenario.rules))
        yield _list("How the customer may begin", (f"“{self._fill(line.text)}”" for line in scenario.opening))
        yield _list("What the customer has to say", _counts(self._material))
        yield _list("Strong replies, as authored", self._exemplars())
        yield _list("How it is tested", map(self._test, scenario.tests))
        yield _list("What changes from session to session", self._slots())
        rubric = self._material.rubric
        yield _list(
            f"What replies are scored for: {rubric.title}", (f"{one.name}: {one.question}" for one in rubric.dimensions)
        )

    def _customer(self) -> Iterator[Section]:
        persona, temperament = self._material.persona, self._material.persona.temperament
        who = f"{self._material.slots['customer']}. {persona.summary}"
        strength = (
            f"Patience {temperament.patience:g}, volatility {temperament.volatility:g}, forgiveness "
            f"{temperament.forgiveness:g}, of 100 each; 50 is usual."
        )
        emotion = self._scenario.emotion
        felt = ", ".join(f"{feeling.value} {emotion.degree(feeling):g}" for feeling in Feeling)
        start = f"At the start, of 100 each: {felt}. Upset means {self._upset.value} here."
        yield Section(
            title="The customer",
            lines=(who, self._fill(persona.voice), *_items(map(self._fill, persona.traits)), strength, start),
        )

    def _fact(self, fact: Fact) -> str:
        meaning = " This is what it all means to them." if fact.matters else ""
        told = f"{_name(fact.id)}: {closed(self._fill(fact.text))}{meaning}"
        return told if fact.unlock is None else f"{told} Told once {closed(self._when(fact.unlock))}"

    def _events(self) -> Iterator[str]:
        for event in self._scenario.events:
            what = "the customer says" if event.does == "tell" else "the contact breaks off with"
            change = f" ({moved(event.moves)})" if event.moves else ""
            yield f"{_name(event.id)}: {what} “{self._fill(event.say)}”{change}, when {closed(self._when(event.when))}"

    def _promise(self, name: str, promise: Promise) -> str:
        forbidden = " Forbidden: making it is a critical error." if promise.forbidden else ""
        return f"{_name(name)}: heard in {closed(some_of(map(self._fill, promise.words)))}{forbidden}"

    def _endings(self) -> Iterator[str]:
        for ending, condition in self._scenario.endings.items():
            yield f"{_name(ending.value)}: once {closed(self._when(condition))}"
        yield f"Limit: after {self._scenario.turn_limit} replies the customer has to go."

    def _rule(self, rule: Rule) -> str:
        seen = f"for {SHOWN[rule.signal]}" if rule.signal else "for the turn as a whole"
        when = f", when {self._when(rule.when)}" if rule.when else ""
        after = f", from the {rule.after + 1}. time on" if rule.after else ""
        return f"{_name(rule.id or str(rule.signal))}: {moved(rule.moves)}, {closed(f'{seen}{when}{after}')}"

    def _exemplars(self) -> Iterator[str]:
        for signal, lines in self._scenario.exemplars.items():
            yield from (f"For {SHOWN[signal]}: “{self._fill(line)}”" for line in lines)

    def _test(self, test: ScenarioTest) -> str:
        who = f"the scripted trainee “{in_words(test.trainee)}”" if test.trainee else self._replies(test.replies)
        levels = f" Levels: {levels_in_words(test.levels)}." if test.levels else ""
        always = f" After every reply: {closed(self._when(test.always))}" if test.always else ""
        return f"With {who}: {closed(self._when(test.expect))}{always}{levels}"

    def _replies(self, replies: Iterable[str]) -> str:
        return " and then ".join(f"“{self._fill(reply)}”" for reply in replies)

    def _slots(self) -> Iterator[str]:
        for name, slot in {**self._material.persona.slots, **self._scenario.slots}.items():
            if isinstance(slot, Slot):
                yield f"{_name(name)}: {_drawn(slot)}; here “{self._material.slots[name]}”."

    def _when(self, condition: Condition) -> str:
        return self._fill(plainly(condition, self._upset))

    def _fill(self, text: str) -> str:
        return _filled(text, self._material)


def _lines(material: Material) -> Iterator[Section]:
    """The scenario's own bank, move by move."""
    upset = LEADING_FEELING[material.scenario.mood]
    for move, lines in material.scenario.lines.items():
        yield _list(f"Lines: {in_words(move.value)}", (_line(line, material, upset) for line in lines))


def _line(line: Line, material: Material, upset: Feeling) -> str:
    needs = [f"“{in_words(fact)}” has been opened" for fact in line.needs]
    when = [plainly(line.when, upset)] if line.when else []
    only = f" Only when {' and '.join(needs + when)}." if needs or when else ""
    return _filled(f"“{line.text}”{only}", material)


def _counts(material: Material) -> Iterator[str]:
    own, persona = material.scenario.lines, material.persona.lines
    for move in Move:
        counts = len(own.get(move, ())), len(persona.get(move, ()))
        if any(counts):
            yield f"{_name(move.value)}: {counts[0]} lines about this, {counts[1]} of the persona's own."


def _drawn(slot: Slot) -> str:
    if slot.choice is not None:
        return f"one of {', '.join(map(str, slot.choice))}"
    if slot.sum is not None:
        return f"the sum of {' and '.join(in_words(str(part)) for part in slot.sum)}"
    return "made up"


def _filled(text: str, material: Material) -> str:
    places = {name: f"[{_PLACES[name]}]" for name in PLAY_SLOTS}
    return fill(" ".join(text.split()), {**material.slots, **places})


def _name(identifier: str) -> str:
    return in_words(identifier).capitalize()


def _list(title: str, texts: Iterable[str]) -> Section:
    return Section(title=title, lines=tuple(_items(texts)))


def _items(texts: Iterable[str]) -> Iterator[str]:
    return (f"- {text}" for text in texts)
