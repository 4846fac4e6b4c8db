"""What is wrong between the parts of a rubric: who scores a dimension, and the rules that turn its checks into levels.

Apart from `lint`, which holds a scenario against its persona: a rubric is read by itself, too.
"""

from collections.abc import Iterator, Sequence
from itertools import compress, product

from simulator.content.complaints import nearest
from simulator.content.document import Document, Location
from simulator.content.problem import Problem, quoted
from simulator.content.rubric import Dimension, LevelRule, Rubric
from simulator.vocabulary import CORE_DIMENSIONS

LARGEST_SHARE = 0.6
"""Of the overall score, that one dimension of three or more may make up."""
MOST_CHECKS = 12
"""So many checks in the rules of a dimension can be tried out in every combination."""
_CORE = f"{', '.join(CORE_DIMENSIONS[:-1])} and {CORE_DIMENSIONS[-1]}"


def rule_lint(rubric: Rubric, document: Document) -> list[Problem]:
    """Every problem between the parts, in the order of the file; the file itself is valid already.

    `simulator.content.codes` says what each code stands for.
    """
    problems = [*_duplicates(rubric, document), *_weights(rubric, document), *_of_dimensions(rubric, document)]
    return sorted(problems, key=lambda problem: (problem.line, problem.column))


def _duplicates(rubric: Rubric, document: Document) -> Iterator[Problem]:
    yield from _duplicate_ids([one.id for one in rubric.dimensions], ("dimensions",), document)
    for number, dimension in enumerate(rubric.dimensions):
        ids = [check.id for check in dimension.checks]
        yield from _duplicate_ids(ids, ("dimensions", number, "checks"), document)


def _duplicate_ids(ids: Sequence[str], group: Location, document: Document) -> Iterator[Problem]:
    for number, id in enumerate(ids):
        if id in ids[:number]:
            message = f"{quoted(id)} is used twice in {quoted(group[-1])}"
            yield document.problem((*group, number, "id"), "duplicate-id", message, "give it a name of its own")


def _weights(rubric: Rubric, document: Document) -> Iterator[Problem]:
    """A dimension beside which the others hardly count."""
    total = sum(dimension.weight for dimension in rubric.dimensions)
    for number, dimension in enumerate(rubric.dimensions):
        if len(rubric.dimensions) > 2 and dimension.weight > LARGEST_SHARE * total:
            message = f"{quoted(dimension.id)} makes up {dimension.weight / total:.0%} of the overall score"
            hint = f"bring the weights closer together; more than {LARGEST_SHARE:.0%} leaves little to the others"
            yield document.problem(("dimensions", number, "weight"), "weights", message, hint, warning=True)


def _of_dimensions(rubric: Rubric, document: Document) -> Iterator[Problem]:
    for number, dimension in enumerate(rubric.dimensions):
        location: Location = ("dimensions", number)
        yield from _wrong_rater(dimension, location, document)
        if dimension.scored_by == "embedded":
            yield from _idle_rules(dimension, location, document)
        else:
            yield from _rules(dimension, location, document)


def _wrong_rater(dimension: Dimension, location: Location, document: Document) -> Iterator[Problem]:
    core, place = dimension.id in CORE_DIMENSIONS, (*location, "scored_by")
    if dimension.scored_by == "embedded" and not core:
        message = f"the embedded rater knows {_CORE}, and not {quoted(dimension.id)}"
        yield document.problem(
            place, "wrong-rater", message, "write scored_by: checks, and rules (when) for its levels"
        )
    if dimension.scored_by == "checks" and core:
        message = f"{quoted(dimension.id)} is a core dimension, which only the embedded rater scores"
        yield document.problem(place, "wrong-rater", message, "write scored_by: embedded, or give it another id")


def _idle_rules(dimension: Dimension, location: Location, document: Document) -> Iterator[Problem]:
    for level, anchor in dimension.levels.items():
        if anchor.when is not None:
            message = f"the embedded rater scores {quoted(dimension.id)}, and looks at no rule"
            hint = "take the rule out; rules are for dimensions that are scored_by: checks"
            place = (*location, "levels", level, "when")
            yield document.problem(place, "idle-rule", message, hint, at_key=True)


def _rules(dimension: Dimension, location: Location, document: Document) -> Iterator[Problem]:
    if not dimension.rules:
        message = f"no level of {quoted(dimension.id)} has a rule, so no reply would ever have a level"
        hint = "give levels a rule like   when: {any: [check_id]}"
        yield document.problem((*location, "scored_by"), "no-rule", message, hint)
    for level, rule in dimension.rules.items():
        place = (*location, "levels", level, "when")
        yield from _unknown_checks(rule, dimension, place, document)
        yield from _contradictions(rule, place, document)
    yield from _gaps(dimension, location, document)


def _unknown_checks(rule: LevelRule, dimension: Dimension, place: Location, document: Document) -> Iterator[Problem]:
    known = [check.id for check in dimension.checks]
    for key, names in rule:
        for number, name in enumerate(names):
            if name in known:
                continue
            near = nearest(name, known)
            message = f"{quoted(dimension.id)} has no check {quoted(name)}"
            message += f", did you mean {quoted(near)}?" if near else ""
            hint = f"known here: {', '.join(known)}" if known else "the dimension has no checks"
            yield document.problem((*place, key, number), "unknown-name", message, hint)


def _contradictions(rule: LevelRule, place: Location, document: Document) -> Iterator[Problem]:
    """Rules that no reply can fulfil, whatever it does."""
    for name in dict.fromkeys(_barred(rule)):
        message = f"this can never hold: {quoted(name)} should be yes and stands in none, too"
        yield document.problem((*place, "none", rule.none.index(name)), "never-holds", message)


def _gaps(dimension: Dimension, location: Location, document: Document) -> Iterator[Problem]:
    """Levels no reply can have, because the rule of a higher one holds whenever theirs does."""
    names = sorted({name for rule in dimension.rules.values() for _, own in rule for name in own})
    if len(names) > MOST_CHECKS:
        return
    reached = {dimension.level_by_rule(frozenset(compress(names, yes))) for yes in product((0, 1), repeat=len(names))}
    for level, rule in dimension.rules.items():
        if level not in reached and not _barred(rule):
            message = f"no reply can be at level {level}: a higher level's rule holds whenever this one does"
            hint = "the highest level whose rule holds counts: ask for more at the higher level, or bar something there"
            place = (*location, "levels", level, "when")
            yield document.problem(place, "level-gap", message, hint, at_key=True, warning=True)


def _barred(rule: LevelRule) -> list[str]:
    """Checks that the rule asks for and bars."""
    barred = [name for name in rule.none if name in rule.all]
    return [*barred, *rule.any] if rule.any and set(rule.any) <= set(rule.none) else barred
