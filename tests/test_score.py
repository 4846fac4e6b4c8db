"""`simulator score` without a file or a model: what is accepted, what is refused and how, what comes out."""

import json
from typing import Any

import pytest

from simulator.assessment.score import SingleReply, Transcript, in_words, overall, parse, score
from simulator.backends.scripted import ScriptedRater
from simulator.errors import UsageError
from simulator.ports import Exchange
from simulator.vocabulary import CORE_DIMENSIONS, Evidence, Mood, Rating, SignalName

TURNS = [
    {"speaker": "customer", "text": "Two seats jumped to 778. Fix it."},
    {"speaker": "agent", "text": "One moment."},
    {"speaker": "agent", "text": "I'm putting both seats back to 398."},
    {"speaker": "customer", "text": "Good."},
    {"speaker": "agent", "text": "Knock yourself out."},
]
REPLY = {"id": "a1", "mood": "irate", "context": "Desk.", "history": TURNS[:1], "reply": "I'll fix it today."}


class QuotingRater:
    """Cites the first word of every reply, and the customer's first one."""

    version = "quoting"

    async def rate(self, exchange: Exchange, turn: int = 0) -> Rating:
        evidence = [
            Evidence(
                dimension="empathy",
                signal=SignalName.VALIDATES,
                quote=text[:3],
                turn=at,
                speaker=speaker,
                start=0,
                end=3,
            )
            for speaker, text, at in (
                ("trainee", exchange.reply, turn),
                ("customer", exchange.history[-1].text, turn - 1),
            )
        ]
        numbers: dict[str, float | None] = {"empathy": 2.4, "ownership": None, "active_listening": 3.0}
        levels = {"empathy": 2, "ownership": None, "active_listening": 3}
        return Rating(levels=levels, expected=numbers, evidence=tuple(evidence), rater=self.version)


async def scored(raw: object, rater: Any = None) -> Any:
    return await score(parse(json.dumps(raw), "call.json"), rater or ScriptedRater())


async def test_a_transcript_gives_its_replies_overall_critical_errors_and_rater() -> None:
    result = await scored({"context": "Desk.", "mood": "irate", "turns": TURNS})
    assert set(result) == {"replies", "overall", "uncertainty", "critical", "rater"}
    assert [reply["turn"] for reply in result["replies"]] == [1, 2, 4]
    assert all(set(reply) == {"turn", "text", "levels", "expected", "evidence"} for reply in result["replies"])
    assert all(set(reply["levels"]) == set(reply["expected"]) == set(CORE_DIMENSIONS) for reply in result["replies"])
    assert set(result["overall"]) == {*CORE_DIMENSIONS, "total"}
    assert result["critical"] == [{"code": "insults", "turn": 4, "quote": "Knock yourself out"}]
    assert result["rater"] == "scripted"
    json.dumps(result)


async def test_single_replies_give_one_entry_each() -> None:
    lines = "\n".join(json.dumps(REPLY | {"id": name}) for name in ("a1", "a2")) + "\n\n"
    result = await score(parse(lines, "gold.jsonl"), ScriptedRater())
    assert isinstance(result, list)
    assert [row["id"] for row in result] == ["a1", "a2"]
    assert set(result[0]) == {"id", "levels", "expected", "evidence", "critical", "rater"}
    assert result[0]["critical"] is None


async def test_the_trainee_is_called_agent_in_evidence_and_turns_point_into_the_transcript() -> None:
    result = await scored({"turns": TURNS}, QuotingRater())
    for reply in result["replies"]:
        for one in reply["evidence"]:
            turn = TURNS[one["turn"]]
            if one["speaker"] == "agent":
                assert turn["speaker"] == "agent"
                assert turn["text"][one["start"] : one["end"]] == one["quote"]
    assert {one["speaker"] for reply in result["replies"] for one in reply["evidence"]} == {"agent", "customer"}


async def test_the_total_is_the_mean_of_the_dimensions_that_have_one() -> None:
    result = await scored({"turns": TURNS}, QuotingRater())
    assert result["overall"] == {"empathy": 2.4, "ownership": None, "active_listening": 3.0, "total": 2.7}


def test_weights_count_and_nothing_rated_is_null() -> None:
    replies = [{"expected": {"empathy": 2.0, "ownership": 4.0, "active_listening": None}}]
    assert overall(replies, {"empathy": 3.0, "ownership": 1.0})["total"] == 2.5
    assert overall([]) == dict.fromkeys((*CORE_DIMENSIONS, "total"))


async def test_a_long_reply_says_that_only_its_beginning_was_rated() -> None:
    turns = [TURNS[0], {"speaker": "agent", "text": "I'll ring you. " * 400}]
    reply = (await scored({"turns": turns}))["replies"][0]
    assert reply["truncated"] is True
    assert reply["rated_characters"] == 4000
    row = (await scored([REPLY | {"reply": "I'll ring you. " * 400}]))[0]
    assert row["truncated"] is True


async def test_odd_but_usable_input_is_used() -> None:
    odd = {
        "mood": "grumpy",
        "context": None,
        "turns": [{"speaker": " Trainee ", "text": ""}, {"speaker": "Customer", "text": "?"}],
    }
    parsed = parse("\ufeff" + json.dumps(odd, indent=2), "odd.json")
    assert isinstance(parsed, Transcript)
    assert parsed.mood is None
    assert [turn.speaker for turn in parsed.turns] == ["trainee", "customer"]
    assert len((await scored(odd))["replies"]) == 1
    assert (await scored({"turns": []}))["overall"]["total"] is None


def test_one_reply_in_one_object_is_a_single_reply() -> None:
    parsed = parse(json.dumps(REPLY, indent=1), "one.json")
    assert isinstance(parsed, list)
    assert isinstance(parsed[0], SingleReply)
    assert parsed[0].exchange.mood is Mood.IRATE
    assert parsed[0].exchange.customer_line == TURNS[0]["text"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "x.json is empty"),
        ('{"turns": [', "x.json, line 1, column 12: not JSON"),
        ('{\n "turns": [\n}\n', "x.json, line 3, column 1: not JSON"),
        ('{"reply": "a"}\n{"reply": \n', "x.json, line 2, column 10: not JSON"),
        ('{"reply": "a"}\n{"id": 2}', 'x.json, line 2: "reply" is missing'),
        ('{"reply": "a"}\n7', "x.json, line 2: expected an object"),
        ('{"turns": {}}', '"turns" should be a list'),
        ('{"turns": [{"text": "hi"}]}', 'turn 0: "speaker" is missing'),
        ('{"turns": [{"speaker": "robot", "text": "hi"}]}', 'speaker "robot" is neither customer nor agent'),
        ('{"turns": [{"speaker": "agent"}]}', 'turn 0: "text" is missing'),
        ('{"turns": ["hi"]}', "turn 0: expected"),
        ('{"turns": [], "context": 5}', '"context" should be text'),
        ('{"reply": "a", "history": 4}', '"history" should be a list'),
        ("hello there", "line 1, column 1: not JSON"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=r"x\.json") as refused:
        parse(text, "x.json")
    assert said in str(refused.value)


async def test_results_read_as_lines_for_people() -> None:
    lines = in_words(await scored({"turns": TURNS}))
    assert "critical: insults in turn 4" in lines
    assert "overall:" in lines
    assert "a1" in in_words((await scored([REPLY]))[0])
