"""What the director looks at in one turn, each question answered once. Apart, so that its choices read as sentences."""

import re
from functools import cached_property

from simulator.content.casting import slots_in
from simulator.content.material import Material
from simulator.content.schema import Condition, Fact
from simulator.customer.asking import asked_in, asks_what, last_question, left_with, only_asking, proposes, saying_only
from simulator.customer.bank import TO_ITS_WORDS, sayable, told
from simulator.customer.conditions import Standing, answers, holds
from simulator.customer.details import Misquote, misquote_in
from simulator.customer.emotion import strongest
from simulator.customer.facts import asked_about, open_facts, settles_choice, told_in, unlocked_now
from simulator.customer.hearing import content_stems, is_question, plain, sentences
from simulator.customer.promising import promises_denied
from simulator.customer.talk import asks_for_no_fact, asks_how_it_stands, asks_of_now, asks_whether, talk_of, topic_of
from simulator.events import PromiseMade
from simulator.session import Session, Turn
from simulator.vocabulary import Emotion, Ending, Mood, Move, SignalName, Talk

EVASIONS = (
    SignalName.ENDS_CONTACT,
    SignalName.HIDES_BEHIND_POLICY,
    SignalName.DEFLECTS,
    SignalName.HANDS_OFF,
    SignalName.PASSIVE_PROMISE,
)
"""Ways not to take it on, worst first."""

SLIGHTS = (
    SignalName.BLAMES_CUSTOMER,
    SignalName.DISMISSES_FEELING,
    SignalName.TAKES_BACK,
    SignalName.PARROTS,
    SignalName.STOCK_PHRASE,
)
"""Ways not to take the customer seriously, worst first."""

CARING = (
    SignalName.SPEAKS_TO_MEANING,
    SignalName.NAMES_FEELING,
    SignalName.VALIDATES,
    SignalName.ACCEPTS_RESPONSIBILITY,
    SignalName.SINCERE_APOLOGY,
    SignalName.REFLECTS_DETAIL,
    SignalName.GIVES_PACE,
)
"""Ways to take the customer seriously, the rarest first."""


_A_STORY = 3
"""Facts that what happened is told with; the first of the scenario."""


_ELSEWHERE = re.compile(
    r"\b(?:website|web page|help ?(?:page|line|desk|centre|center)|faqs?|online|portal|shop|branch|department|team"
    r"|form|link|email (?:us|them)|(?:ring|call|phone|contact|ask|write to) (?!me\b|you\b)\w+)\b"
)
"""Where somebody is sent who is not helped here."""


class Scene:
    """One turn of a session after its emotion has moved, as the customer sees it."""

    def __init__(self, session: Session, material: Material) -> None:
        self.session = session
        self.material = material
        self.mood: Mood = session.started.mood
        self.turn = session.turns[-1] if session.turns else Turn(number=0)
        self.reply = self.turn.reply or ""
        self.emotion: Emotion = session.emotion
        self.upset = session.upset
        self.unlocked = unlocked_now(session, material)
        """Facts this turn unlocks."""

    @cached_property
    def standing(self) -> Standing:
        """For conditions: with what this turn unlocks."""
        standing = Standing.of(self.session, self.material)
        return standing.model_copy(update={"facts": standing.facts | set(self.unlocked)})

    @cached_property
    def open_facts(self) -> tuple[Fact, ...]:
        """What may be told in this turn, in the scenario's order."""
        earlier = {fact.id for fact in open_facts(self.session, self.material)}
        return tuple(fact for fact in self.material.scenario.facts if fact.id in earlier | set(self.unlocked))

    @cached_property
    def asked_facts(self) -> tuple[Fact, ...]:
        """Open facts the reply asks about; where its words name none, those that such a reply is told."""
        asked = asked_about(self._asking, self.material)
        whether = [one for one in sentences(self._asking) if asks_whether(one) or asks_how_it_stands(one)]
        wanted = asked_about(" ".join(one for one in sentences(self._asking) if one not in whether), self.material)
        again = [fact for fact in asked if fact not in wanted and self.has_told(fact)]
        named = tuple(fact for fact in self.open_facts if fact in asked and fact not in again)
        told_to_act = self.does(Talk.INSTRUCTS) and not asked_in(self._asking)
        return named if named or self.expects_question or told_to_act else self._drawn_out

    @cached_property
    def _asking(self) -> str:
        """The reply without what asks for no fact: "Shall I put the fare back?" does not ask for the fare."""
        return " ".join(one for one in sentences(self.reply) if not _is_by_the_way(one))

    @cached_property
    def expects_question(self) -> bool:
        """Whether there is an answer, telling no fact, that is authored for the words of a question in the reply."""
        narrowed = saying_only(self.session, asked_in(self._asking))
        lines = sayable(narrowed, self.material, Move.ANSWER, self.unlocked) if narrowed else ()
        return any(line.point >= TO_ITS_WORDS and not line.needs for line in lines)

    @cached_property
    def _drawn_out(self) -> tuple[Fact, ...]:
        """Open facts that a question of this kind unlocks, whatever its words: how somebody is, to one who cares."""
        if not self.asks:
            return ()
        unlocking = ((fact, fact.unlock) for fact in self.open_facts if fact.unlock is not None)
        return tuple(fact for fact, by in unlocking if holds(by, self.standing) and answers(by, self.standing))

    @cached_property
    def opened(self) -> tuple[Fact, ...]:
        """Facts that the reply asks about and has just unlocked."""
        return tuple(fact for fact in self.asked_facts if fact.id in self.unlocked)

    @cached_property
    def story(self) -> tuple[Fact, ...]:
        """What happened, as they would tell anybody: the first open facts, less those they have told."""
        first = [fact for fact in self.material.scenario.facts if fact.unlock is None][:_A_STORY]
        said = told(self.session, self.material)
        return tuple(fact for fact in first if fact.id not in said) or tuple(first)

    @cached_property
    def met(self) -> bool:
        """Whether everything is promised that would resolve the contact."""
        resolved = self.material.scenario.endings.get(Ending.RESOLVED)
        return bool(self.standing.promised) and resolved is not None and _is_promised(resolved, self.standing)

    @cached_property
    def untold(self) -> tuple[Fact, ...]:
        """Open facts that no earlier choice was about and no line gave away."""
        gists = " / ".join(turn.choice.gist for turn in self.earlier if turn.choice)
        known = told_in(gists, self.material) | told(self.session, self.material)
        return tuple(fact for fact in self.open_facts if fact.id not in known)

    @property
    def earlier(self) -> tuple[Turn, ...]:
        """The turns before this one."""
        return self.session.turns[: self.turn.number]

    @cached_property
    def moves(self) -> tuple[Move, ...]:
        """The customer's moves so far, oldest first."""
        return tuple(turn.choice.move for turn in self.earlier if turn.choice)

    @property
    def warned(self) -> bool:
        """Whether the customer has said that this cannot go on."""
        return Move.THREATEN in self.moves

    @cached_property
    def fallen(self) -> float:
        """How far this turn has calmed the customer, in points of upset; negative where it upset them more."""
        return self.session.emotion_after(self.turn.number - 1).upset(self.mood) - self.upset

    @cached_property
    def eased(self) -> float:
        """How far the upset lies below its highest so far, in points."""
        numbers = range(-1, self.turn.number + 1)
        return max(self.session.emotion_after(number).upset(self.mood) for number in numbers) - self.upset

    def shows(self, *names: SignalName) -> bool:
        """Whether the turn shows one of the signals."""
        return not self.standing.shows.isdisjoint(names)

    def has_told(self, fact: Fact) -> bool:
        """Whether the customer has said a fact: by a line that tells it, or by all the particulars it names."""
        heard = " ".join(turn.heard_text for turn in self.earlier)
        particulars = [self.material.slots[slot] for slot in slots_in(fact.text) if slot in self.material.slots]
        named = bool(particulars) and all(value in heard for value in particulars)
        return named or fact.id in told(self.session, self.material)

    @cached_property
    def has_been_asked(self) -> bool:
        """Whether the questions of the reply are about something that was told or asked before, or about nothing else.

        "How old are you?" to somebody who has not said a word about it asks nothing again.
        """
        topic = topic_of(asked_in(self.reply))
        before = " ".join(f"{turn.reply or ''} {turn.heard_text}" for turn in self.earlier)
        told = any(self.has_told(fact) for fact in self.asked_facts)
        return not topic or told or not topic.isdisjoint(content_stems(before))

    @property
    def sends_away(self) -> bool:
        """Whether the reply is evasive: being told to do something here and now hands nothing off."""
        evasions = [name for name in EVASIONS if self.shows(name)]
        here = self.does(Talk.INSTRUCTS) and not _ELSEWHERE.search(plain(self.reply))
        return bool(evasions) and not (here and evasions == [SignalName.HANDS_OFF])

    def does(self, *talk: Talk) -> bool:
        """Whether the reply does one of these as conversation."""
        return not self.standing.talk.isdisjoint(talk)

    def answers_with(self, move: Move) -> int:
        """How much there is to say by the move that answers this very reply: a line to its words counts for more."""
        return sum(line.point * line.point for line in sayable(self.session, self.material, move, self.unlocked))

    def has_words_for(self, move: Move) -> bool:
        """Whether there is a line for the move that answers the very words of this reply."""
        lines = sayable(self.session, self.material, move, self.unlocked)
        return any(line.point >= TO_ITS_WORDS for line in lines)

    @cached_property
    def declines(self) -> bool:
        """Whether there is a line that turns down what the reply holds out: by its last question, if it has one."""
        lines = sayable(only_asking(self.session), self.material, Move.DECLINE, self.unlocked)
        return any(line.point > 0 for line in lines)

    def words(self, *names: SignalName) -> str:
        """The words behind the first of the signals that has words, else the first sentence of the reply."""
        for name in names:
            signal = strongest(self.turn, name)
            if signal and signal.span:
                return signal.span.quote
        return next(iter(sentences(self.reply)), "")

    @cached_property
    def misquote(self) -> Misquote | None:
        """A detail the reply gets wrong."""
        return misquote_in(self.reply, self.session.model_copy(update={"turns": self.earlier}), self.material)

    @cached_property
    def asks(self) -> bool:
        """Whether the reply asks anything."""
        return any(is_question(sentence) for sentence in sentences(self.reply))

    @property
    def asks_beside_greeting(self) -> bool:
        """Whether the reply asks anything beside how it can help."""
        return any(is_question(one) and Talk.GREETS not in talk_of(one) for one in sentences(self.reply))

    @cached_property
    def ends_in_proposal(self) -> bool:
        """Whether the last question of the reply holds something out; what was asked before it has to wait."""
        return proposes(last_question(self.reply))

    def goes_on_to_ask(self, talk: Talk) -> bool:
        """Whether the last question of the reply asks for something else than this way of talking does."""
        last = last_question(self.reply)
        return bool(last) and not talk_of(last) & {talk, Talk.PROPOSES, Talk.ASKS_WHICH}

    @cached_property
    def ends_in_question(self) -> bool:
        """Whether the reply leaves off with a question that thanks are no answer to: a fact, or which, where, when."""
        last = left_with(self.reply)
        if not last or talk_of(last) & {Talk.ASKS_WHAT_ELSE, Talk.ASKS_WISH}:
            return False
        return bool(self.asked_facts) or self.expects_question or asks_what(last)

    @cached_property
    def unforeseen(self) -> str:
        """The question that the reply leaves off with, if no fact or line foresees it; else empty."""
        return "" if self.asked_facts or self.expects_question else left_with(self.reply)

    @property
    def ends_in_whether(self) -> bool:
        """Whether the reply leaves off with an unforeseen question that takes a yes or a no."""
        return asks_whether(self.unforeseen)

    @property
    def ends_in_state(self) -> bool:
        """Whether the reply leaves off by asking how it is there by now ("Has it come?"), which thanks do not tell."""
        last = left_with(self.reply)
        return asks_of_now(last) and not talk_of(last) & {Talk.ASKS_WHAT_ELSE, Talk.ASKS_WISH, Talk.PROPOSES}

    @property
    def ends_in_what(self) -> bool:
        """Whether the reply leaves off with an unforeseen question that takes more than a yes or a no."""
        beside = {Talk.ASKS_WHICH, Talk.ASKS_WHAT_ELSE, Talk.ASKS_WISH, Talk.ASKS_STORY}
        return asks_what(self.unforeseen) and not talk_of(self.unforeseen) & beside

    @property
    def foresees_choice(self) -> bool:
        """Whether a line or a fact is written for the alternatives that the reply offers."""
        question = last_question(self.reply)
        return self.expects_question or any(settles_choice(one, question, self.material) for one in self.asked_facts)

    @property
    def acts(self) -> bool:
        """Whether the reply promises something, or commits to an act."""
        return bool(self.promises) or self.shows(SignalName.COMMITS_ACTION)

    @property
    def deserves_an_answer(self) -> bool:
        """Whether something that merely happens should wait until the customer has answered this reply."""
        waits = self.does(Talk.ASKS_TO_WAIT, Talk.PASSES_ON, Talk.PROPOSES, Talk.PROMISES_TOO_MUCH, Talk.INSTRUCTS)
        return self.asks or self.acts or waits or self.shows(*CARING, SignalName.GIVES_CALLBACK)

    @cached_property
    def promises(self) -> tuple[PromiseMade, ...]:
        """What this reply promises, new promises first."""
        made = self.turn.reading.promises if self.turn.reading else ()
        before = {past.promise for number, past in self.session.promises if number < self.turn.number}
        return tuple(sorted(made, key=lambda promise: promise.promise in before))

    @cached_property
    def taken_back(self) -> tuple[int, PromiseMade] | None:
        """An earlier promise that this reply refuses, with its turn."""
        denied = {made.promise for made in promises_denied(self.reply, self.material)}
        earlier = ((number, made) for number, made in self.session.promises if number < self.turn.number)
        return next(((number, made) for number, made in earlier if made.promise in denied), None)

    @cached_property
    def committed(self) -> str | None:
        """The trainee's own last words that committed to something, in an earlier turn."""
        for turn in reversed(self.earlier):
            signal = strongest(turn, SignalName.COMMITS_ACTION)
            if signal and signal.span:
                return signal.span.quote
        return None


def _is_by_the_way(sentence: str) -> bool:
    """Whether a sentence proposes, has something done, asks for the whole story, or greets and asks nothing."""
    if asks_for_no_fact(sentence):
        return True
    talk = talk_of(sentence)
    return proposes(sentence) or Talk.ASKS_STORY in talk or (Talk.GREETS in talk and not is_question(sentence))


def _is_promised(condition: Condition, standing: Standing) -> bool:
    """Whether the promises that a condition asks for are made, whatever else it asks for."""
    match condition:
        case Condition(any=tuple(parts)):
            return any(_is_promised(part, standing) for part in parts)
        case Condition(all=tuple(parts)):
            return all(_is_promised(part, standing) for part in parts)
        case Condition(promised=str(promise)):
            return promise in standing.promised
        case _:
            return True
