"""Rates conversations and single replies that were not played here: the logic of `simulator score FILE`.

Apart from the command so that it can be tested without a file, a terminal or a model.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from simulator.assessment.average import RULE, average, recovered, weighted_mean
from simulator.assessment.certainty import Interval, Reliability, Unknown, error_of, together
from simulator.assessment.checks import unmeasured, versions
from simulator.assessment.signals import read
from simulator.content.problem import quoted
from simulator.content.rubric import Rubric
from simulator.errors import UsageError
from simulator.ports import Exchange, Rater
from simulator.strict_json import NotJson, value_of
from simulator.vocabulary import CORE_DIMENSIONS, MAX_REPLY_CHARACTERS, CriticalError, Mood, Rating, Utterance, Value

_TRAINEE = frozenset({"agent", "trainee"})
_SHOWN_CHARACTERS = 70
_CORE = dict.fromkeys(CORE_DIMENSIONS, 1.0)
_NOT_ASKED = Unknown(why="Only the mean was asked for.")


class Transcript(Value):
    """A whole conversation; the agent's turns are rated."""

    context: str = ""
    mood: Mood | None = None
    turns: tuple[Utterance, ...]


class SingleReply(Value):
    """One reply with what was said before it."""

    id: str
    exchange: Exchange


def parse(text: str, name: str) -> Transcript | list[SingleReply]:
    """Read a transcript (one JSON object with "turns") or single replies (JSON Lines, each with "reply").

    A mood we have no word for is taken as not given; "trainee" is accepted for "agent".

    Args:
        text: The file's text.
        name: What to call it in errors.

    Raises:
        UsageError: it is neither, with the line or turn and what is wrong there.
    """
    text = text.lstrip("\ufeff").strip()
    if not text:
        raise UsageError(f"{name} is empty; it should hold a transcript (JSON) or replies (JSON Lines).")
    whole = _whole(text)
    if isinstance(whole, dict) and "turns" in whole:
        return _transcript(whole, name)
    if isinstance(whole, list):
        if not whole:
            raise UsageError(f"{name} is an empty list; it should hold replies.")
        return [_single(row, f"{name}, item {at}") for at, row in enumerate(whole, start=1)]
    lines = [(at, line) for at, line in enumerate(text.split("\n"), start=1) if line.strip()]
    if whole is not None:
        return [_single(whole, name)]
    if len(lines) > 1 and text[0] == "{" and _whole(lines[0][1]) is None:
        raise UsageError(f"{name}, {_fault(text)}")
    return [_single(_row(line, f"{name}, line {at}"), f"{name}, line {at}") for at, line in lines]


async def score(
    parsed: Transcript | list[SingleReply], rater: Rater, rubric: Rubric | None = None
) -> dict[str, Any] | list[dict[str, Any]]:
    """Rate what was parsed; plain values that JSON can hold.

    Args:
        parsed: See `parse`.
        rater: Gives every level; for a rubric with rules of its own, a `ruled.RuledRater`.
        rubric: Whose dimensions and weights make the overall score; None: the core dimensions, of equal weight.

    A transcript gives `replies`, `overall`, `uncertainty`, `critical` and `rater`; single replies give a list with one
    entry each. Where rules of the rubric gave levels, `rules` has their version, by dimension id.
    `turn` counts the turns (or the utterances of the history) from 0, so `turns[turn]["text"][start:end] == quote`.
    """
    if isinstance(parsed, list):
        return [await _score_single(single, rater) | _rules(rubric) for single in parsed]
    return await _score_transcript(parsed, rater, rubric)


async def _score_single(single: SingleReply, rater: Rater) -> dict[str, Any]:
    rated = await _rate(single.exchange, rater)
    critical = _critical(single.exchange)
    row = {"id": single.id, **rated, "critical": critical[0].code.value if critical else None, "rater": rater.version}
    return row | _truncation(single.exchange.reply)


def _rules(rubric: Rubric | None) -> dict[str, Any]:
    found = versions(rubric) if rubric else {}
    return {"rules": found} if found else {}


async def _score_transcript(transcript: Transcript, rater: Rater, rubric: Rubric | None) -> dict[str, Any]:
    replies, critical = [], []
    for at, turn in enumerate(transcript.turns):
        if turn.speaker != "trainee":
            continue
        exchange = Exchange(
            mood=transcript.mood, context=transcript.context, history=transcript.turns[:at], reply=turn.text
        )
        replies.append({"turn": at, "text": turn.text, **await _rate(exchange, rater), **_truncation(turn.text)})
        critical += [{"code": one.code.value, "turn": at, "quote": one.quote} for one in _critical(exchange)]
    weights = {one.id: one.weight for one in rubric.dimensions} if rubric else _CORE
    ruled = versions(rubric) if rubric else {}
    sure = uncertainty(replies, rater.version, weights=weights, ruled=ruled)
    return {
        "replies": replies,
        "overall": overall(replies, weights),
        "uncertainty": {name: one.model_dump() for name, one in sure.items()},
        "critical": critical,
        "rater": rater.version,
        **_rules(rubric),
    }


async def _rate(exchange: Exchange, rater: Rater) -> dict[str, Any]:
    """Levels, expected levels and evidence of one reply; its turn is its place after the history."""
    turn = len(exchange.history)
    rating: Rating = await rater.rate(exchange, turn)
    evidence = []
    for one in rating.evidence:
        speaker = "agent" if one.speaker == "trainee" else "customer"
        evidence.append({**one.model_dump(mode="json"), "speaker": speaker})
    return {"levels": dict(rating.levels), "expected": dict(rating.expected), "evidence": evidence}


def _critical(exchange: Exchange) -> tuple[CriticalError, ...]:
    rated = exchange.model_copy(update={"reply": exchange.reply[:MAX_REPLY_CHARACTERS]})
    return read(rated).critical


def _truncation(text: str) -> dict[str, Any]:
    """Says so where only the beginning of a long reply was rated."""
    return {"truncated": True, "rated_characters": MAX_REPLY_CHARACTERS} if len(text) > MAX_REPLY_CHARACTERS else {}


def overall(replies: Sequence[Mapping[str, Any]], weights: Mapping[str, float] = _CORE) -> dict[str, float | None]:
    """Mean level of each dimension over the replies that have one, and their weighted mean as `total`.

    As in a debrief, a slip that was put right costs less: see `average`. None where no reply has a level.

    Args:
        replies: With their expected levels, in order.
        weights: What each dimension weighs, by its id; by default the core dimensions, each 1.
    """
    averages = {name: average(given, _NOT_ASKED) for name, given in _given(replies, weights).items()}
    means = {name: round(one.mean, 3) if one else None for name, one in averages.items()}
    rated = [(weights[name], mean) for name, mean in means.items() if mean is not None]
    total = weighted_mean(rated)
    return {**means, "total": None if total is None else round(total, 3)}


def uncertainty(
    replies: Sequence[Mapping[str, Any]],
    rater: str,
    reliability: Reliability | None = None,
    weights: Mapping[str, float] = _CORE,
    ruled: Collection[str] = (),
) -> dict[str, Interval]:
    """The 95 % interval of every number of `overall`, or why it has none.

    Args:
        replies: As for `overall`.
        rater: Version of the rater.
        reliability: What is published about it; None: what ships with this version of the program.
        weights: As for `overall`.
        ruled: Ids of the dimensions whose levels rules gave.
    """
    errors = {name: unmeasured(name) if name in ruled else error_of(rater, name, reliability) for name in weights}
    found = {name: average(given, errors[name]) for name, given in _given(replies, weights).items()}
    parts = {name: one.interval if one else Unknown(why="Nothing was rated.") for name, one in found.items()}
    rated = [name for name, one in found.items() if one]
    total = sum(weights[name] for name in rated)
    return {**parts, "total": together((weights[name] / total, parts[name]) for name in rated)}


def _given(replies: Sequence[Mapping[str, Any]], names: Iterable[str]) -> dict[str, list[float]]:
    """The expected levels of the replies that have one, by dimension."""
    return {
        name: [reply["expected"][name] for reply in replies if reply["expected"].get(name) is not None]
        for name in names
    }


def in_words(result: Mapping[str, Any], marks: Mapping[str, str] | None = None) -> str:
    """One result of `score` as lines for people; a dimension's mark, by its id, stands beside its figures."""
    marks = marks or {}
    if "replies" not in result:
        return _reply_in_words(f"{result['id']}", result, result["critical"], marks)
    lines = [
        _reply_in_words(f"turn {reply['turn']}: {_shortened(reply['text'])}", reply, None, marks)
        for reply in result["replies"]
    ]
    lines += [f'critical: {one["code"]} in turn {one["turn"]}: "{one["quote"]}"' for one in result["critical"]]
    return "\n".join([*lines, *_overall_in_words(result, marks)])


def _overall_in_words(result: Mapping[str, Any], marks: Mapping[str, str]) -> list[str]:
    """The total, never without its parts, how sure they are, and what is not known about that."""
    sure = result["uncertainty"]
    beside = {
        name: "".join([_range(sure[name]) if value is not None else "", f" ({marks[name]})" if name in marks else ""])
        for name, value in result["overall"].items()
    }
    told = "  ".join(f"{name} {_number(value)}{beside[name]}" for name, value in result["overall"].items())
    reasons = dict.fromkeys(
        one["why"] for name, one in sure.items() if "why" in one and result["overall"][name] is not None
    )
    return [
        f"overall: {told}  (means with 95 % intervals; rater {result['rater']}{_by_rules(result)})",
        *([RULE] if _slips(result) else []),
        *(f"interval unknown: {reason}" for reason in reasons),
    ]


def _by_rules(result: Mapping[str, Any]) -> str:
    """The versions of the rules that gave levels, behind that of the rater; empty where none did."""
    return "".join(f"; {name} by {rules}" for name, rules in result.get("rules", {}).items())


def _slips(result: Mapping[str, Any]) -> bool:
    names = [name for name in result["overall"] if name != "total"]
    return any(recovered(given) for given in _given(result["replies"], names).values())


def _range(one: Mapping[str, Any]) -> str:
    return f" ({one['low']:.1f} to {one['high']:.1f})" if "low" in one else " (interval unknown)"


def _number(value: float | None) -> str:
    return "nothing to rate" if value is None else f"{value}"


def _reply_in_words(title: str, reply: Mapping[str, Any], critical: str | None, marks: Mapping[str, str]) -> str:
    lines = [title, f"  {_numbers(reply['levels'], marks)}" + (f"  critical: {critical}" if critical else "")]
    lines += [f'  {one["dimension"]}: {one["signal"]}, {one["speaker"]}: "{one["quote"]}"' for one in reply["evidence"]]
    if reply.get("truncated"):
        lines.append(f"  only the first {reply['rated_characters']} characters were rated")
    return "\n".join(lines)


def _numbers(values: Mapping[str, float | None], marks: Mapping[str, str]) -> str:
    return "  ".join(
        f"{name} {_number(value)}{f' ({marks[name]})' if name in marks else ''}" for name, value in values.items()
    )


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN_CHARACTERS else line[: _SHOWN_CHARACTERS - 3] + "..."


def _whole(text: str) -> Any:
    """The text as one JSON value, or None."""
    try:
        return value_of(text)
    except NotJson:
        return None


def _fault(text: str) -> str:
    try:
        value_of(text)
    except NotJson as error:
        return f"line {error.line or 1}, column {error.column or 1}: not JSON ({error})."
    return "not a transcript."


def _row(line: str, where: str) -> Any:
    try:
        return value_of(line)
    except NotJson as error:
        raise UsageError(f"{where}, column {error.column or 1}: not JSON ({error}).") from error


def _transcript(raw: Mapping[str, Any], name: str) -> Transcript:
    turns = raw["turns"]
    if not isinstance(turns, list):
        raise UsageError(f'{name}: "turns" should be a list of {{"speaker": ..., "text": ...}}.')
    said = tuple(_utterance(turn, f"{name}, turn {at}") for at, turn in enumerate(turns))
    return Transcript(context=_words(raw, "context", name), mood=_mood(raw), turns=said)


def _single(raw: Any, where: str) -> SingleReply:
    if not isinstance(raw, dict):
        raise UsageError(f'{where}: expected an object with "reply", found {_kind(raw)}.')
    if "turns" in raw:
        raise UsageError(f"{where}: a transcript stands in a file of its own; here are single replies.")
    if not isinstance(raw.get("reply"), str):
        raise UsageError(f'{where}: "reply" is missing or is no text.')
    history = raw.get("history")
    history = [] if history is None else history
    if not isinstance(history, list):
        raise UsageError(f'{where}: "history" should be a list of {{"speaker": ..., "text": ...}}.')
    said = tuple(_utterance(turn, f"{where}, history {at}") for at, turn in enumerate(history))
    exchange = Exchange(mood=_mood(raw), context=_words(raw, "context", where), history=said, reply=raw["reply"])
    return SingleReply(id=_id(raw, where), exchange=exchange)


def _id(raw: Mapping[str, Any], where: str) -> str:
    value = raw.get("id")
    if not isinstance(value, str | int | float | None):
        raise UsageError(f'{where}: "id" should be text or a number, found {_kind(value)}.')
    return where if value is None else str(value)


def _kind(value: Any) -> str:
    """What a JSON value is, in words."""
    match value:
        case dict():
            return "an object"
        case list():
            return "a list"
        case str():
            return "text"
        case None:
            return "null"
        case _:
            return "true or false" if isinstance(value, bool) else "a number"


def _utterance(raw: Any, where: str) -> Utterance:
    if not isinstance(raw, dict):
        raise UsageError(f'{where}: expected {{"speaker": ..., "text": ...}}, found {_kind(raw)}.')
    speaker, text = raw.get("speaker"), raw.get("text")
    if not isinstance(speaker, str) or not speaker.strip():
        raise UsageError(f'{where}: "speaker" is missing; it is customer or agent.')
    if not isinstance(text, str):
        raise UsageError(f'{where}: "text" is missing or is no text.')
    match speaker.strip().lower():
        case "customer":
            return Utterance(speaker="customer", text=text)
        case trainee if trainee in _TRAINEE:
            return Utterance(speaker="trainee", text=text)
        case _:
            raise UsageError(f"{where}: speaker {quoted(speaker)} is neither customer nor agent.")


def _words(raw: Mapping[str, Any], key: str, where: str) -> str:
    value = raw.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise UsageError(f'{where}: "{key}" should be text.')
    return value


def _mood(raw: Mapping[str, Any]) -> Mood | None:
    value = raw.get("mood")
    return Mood(value) if isinstance(value, str) and value in set(Mood) else None
