"""What the models read: the transcript for the listener, the stage direction for the speaker.

Apart from the actor, so that every word a model is given stands in one place (the templates in `prompts/`), and so that
a locked fact can be shown never to be among them.
"""

from collections.abc import Sequence

from simulator.content.material import Material
from simulator.events import TraineeHeld, TraineeSilent, TraineeSpoke, TraineeTransferred
from simulator.session import Session, Turn
from simulator.templates import Templates
from simulator.vocabulary import Channel, Emotion, Feeling, Move

NEUTRAL_REPLY = "Okay."
"""Stands in for the reply when lines are ranked by what the reply adds."""

WINDOW = 8
"""The transcript a model reads begins at a multiple of this many turns, so that its beginning rarely moves."""

_PROMPTS = Templates("simulator.customer")
_LONGEST_OLD = 300
_LONGEST_LAST = 1_200

CHANNELS = {Channel.PHONE: "phone call", Channel.CHAT: "chat", Channel.EMAIL: "exchange of emails"}
INTENT: dict[Move, str] = {
    Move.VENT: "lets it out",
    Move.PRESS: "presses the agent",
    Move.CHALLENGE: "challenges what the agent said",
    Move.ASK: "asks",
    Move.ANSWER: "answers the agent",
    Move.REVEAL: "tells something personal",
    Move.CORRECT: "corrects the agent",
    Move.HOLD_TO_PROMISE: "holds the agent to a promise",
    Move.HESITATE: "hesitates",
    Move.PANIC: "panics",
    Move.MISUNDERSTAND: "takes it the wrong way",
    Move.REPEAT_REQUEST: "asks to hear it again",
    Move.SOFTEN: "softens a little, still guarded",
    Move.ACCEPT: "accepts what was offered",
    Move.DECLINE: "turns down what was offered",
    Move.THANK: "thanks the agent",
    Move.THREATEN: "says that this cannot go on",
    Move.DEMAND_SUPERVISOR: "asks for somebody higher up",
    Move.LEAVE: "ends the contact",
}


def listening(session: Session, material: Material) -> tuple[str, str]:
    """What the listener ranks lines by: the transcript with the trainee's last turn, and with a neutral one."""
    lines = [*_said_so_far(session), "Customer:"]
    heard = _PROMPTS.filled("listen", situation=_situation(material), transcript="\n".join(lines))
    return heard, neutral(session.model_copy(update={"turns": session.turns[:-1]}), material)


def neutral(session: Session, material: Material) -> str:
    """The neutral side for the turn that comes after all turns of `session`."""
    lines = [*_window(session.turns, len(session.turns)), f"Agent: {NEUTRAL_REPLY}", "Customer:"]
    return _PROMPTS.filled("listen", situation=_situation(material), transcript="\n".join(lines))


def writing(session: Session, material: Material, move: Move, gist: str, reminder: str = "") -> str:
    """What a speaker goes on from, up to and including the customer's name.

    `reminder`: why earlier candidates were refused, in one sentence.
    """
    name = material.fill("{customer}")
    lines = [f"{name}:{line.removeprefix('Customer:')}" if _is_heard(line) else line for line in _said_so_far(session)]
    return _PROMPTS.filled(
        "write",
        **_who(session, material),
        wants=material.fill(material.scenario.wants),
        transcript="\n".join(lines),
        emotion=in_words(session.emotion),
        intent=INTENT[move],
        gist=gist,
        reminder=f" {reminder}" if reminder else "",
    )


def directing(session: Session, material: Material, move: Move, gist: str) -> str:
    """The same for a speaker that was trained on it (`training.lines`): shorter, and always in the same form."""
    return _PROMPTS.filled(
        "adapted",
        **_who(session, material),
        transcript="\n".join(_said_so_far(session)),
        move=move.value,
        emotion=in_words(session.emotion),
        gist=" ".join(gist.split()),
    )


def _who(session: Session, material: Material) -> dict[str, str]:
    return {
        "channel": CHANNELS[session.started.channel],
        "customer": material.fill("{customer}"),
        "voice": material.fill(material.persona.voice),
        "situation": _situation(material),
    }


def _said_so_far(session: Session) -> list[str]:
    *past, last = session.turns
    return [*_window(past, last.number), _acted(last)]


def _is_heard(line: str) -> bool:
    return line.startswith("Customer:")


def in_words(emotion: Emotion) -> str:
    """An emotion as a stage direction: "anger high, distress some, confusion none, trust low"."""
    return ", ".join(f"{feeling.value} {_degree(emotion.degree(feeling))}" for feeling in Feeling)


def _degree(value: float) -> str:
    return "none" if value < 15 else "low" if value < 35 else "some" if value < 60 else "high"


def _window(turns: Sequence[Turn], upcoming: int) -> list[str]:
    start = max(0, upcoming - WINDOW // 2) // WINDOW * WINDOW
    return [line for turn in turns[start:] for line in _said(turn) if line]


def _said(turn: Turn) -> tuple[str, str]:
    customer = _one_line(turn.heard_text, _LONGEST_OLD)
    return _acted(turn, _LONGEST_OLD), f"Customer: {customer}" if customer else ""


def _acted(turn: Turn, longest: int = _LONGEST_LAST) -> str:
    match turn.act:
        case None:
            return ""
        case TraineeSpoke(text=text):
            return f"Agent: {_one_line(text, longest)}"
        case TraineeHeld(seconds=seconds):
            return f"Agent: (puts the customer on hold for {seconds} seconds, then comes back)"
        case TraineeSilent(seconds=seconds):
            return f"Agent: (says nothing for {seconds} seconds)"
        case TraineeTransferred(to=to):
            return f"Agent: (transfers the customer to {_one_line(to, 60)})"


def _one_line(text: str, longest: int) -> str:
    """Text on one line, its end cut off if long: line breaks would let a reply pose as another speaker."""
    flat = " ".join(text.split())
    return flat if len(flat) <= longest else flat[:longest] + " ..."


def _situation(material: Material) -> str:
    return " ".join(material.fill(material.scenario.situation).split())
