"""What a reply does as conversation: greets, asks to wait, proposes, takes leave, wanders off.

Apart from the signals, which say what a reply is worth: these move no level and, but for one rule, no emotion, they
only call for an answer of their own.
"""

import re
from functools import lru_cache

from simulator.content.material import Material
from simulator.customer.hearing import content_stems, is_question, plain, sentences, words
from simulator.customer.straying import holds_forth, lectures, of_oneself
from simulator.vocabulary import Talk

_LITTLE = 3
"""Words up to which a reply without a topic says little."""
_ENOUGH = 2
"""Topic words, all strange to the call, that make a reply off the topic."""
_FILLERS = frozenset(
    "ok okay right yes yeah yep no nope sure hmm hm mm well fine whatever see oh ah good great alright mhm so".split()
)


def _any_of(*phrases: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(phrases)})\b")


_I = r"(?:i|we)"
_JUST = r"(?:just |now |quickly |already |really |actually |simply |afraid |still |have to )*"
_WAIT = r"(?:moments?|seconds?|secs?|minutes?|mins?|mo|ticks?)"
_HAPPENED = r"happened|gone (?:on|wrong)|(?:been )?going on|been happening"
_TO_YOU = r"(?:to|with|for) (?:you|your \w+|the (?:order|delivery|booking|account|letters?))"
_LATELY = r"(?:today|here|exactly|then|please|so far|there|this time|now|sir|madam)"
_RIGHT = r"(?:it|this|that|things) right"

_PATTERNS: dict[Talk, re.Pattern[str]] = {
    Talk.GREETS: _any_of(
        r"(?<!.)(?:hello|hi|hey|good (?:morning|afternoon|evening))",
        r"you're (?:now )?(?:through to|speaking (?:to|with))",
        r"this is \w+ (?:speaking|from|on|at)",
        r"my name(?:'s| is)",
        r"thank(?:s| you) for (?:calling|ringing)",
        r"(?:how (?:can|may|could) i (?:help|assist)|what can i do for you)(?: you)?(?: today)?(?=\s*\?)",
    ),
    Talk.TAKES_LEAVE: _any_of(
        r"good ?bye|bye|speak soon|that's all from me",
        r"take care(?! of)",
        r"have a (?:nice|good|lovely|great) (?:day|evening|afternoon|weekend|night)",
    ),
    Talk.ASKS_WHAT_ELSE: _any_of(
        r"(?:anything|something) else (?:(?:that )?(?:i|we)\b|today|you(?:'d| would| need| want| like))",
        r"anything else(?=\s*\?| (?:before (?:i|we|you)|for (?:you|me|us|today|now)|at all|on your))",
        r"anything (?:\w+ ){0,2}still (?:not |un)clear",
        r"anything (?:that's |that is |you're |you are |you )?(?:still |also )?(?:not (?:sure|clear)|unsure|unclear"
        r"|want to (?:ask|add|know))",
        r"any (?:other |more |further )?questions",
    ),
    Talk.THANKS: re.compile(r"^\W*(?:(?:ok|okay|right|great|lovely|good|well|oh)\W+)*(?:thank(?:s| you)|cheers)\b"),
    Talk.ASKS_TO_WAIT: _any_of(
        r"(?:put|place|pop|leave|keep) you on (?:a )?(?:brief |short )?hold",
        r"bear with|hold the line|please (?:hold|wait)|won't be (?:a|long)|hang on(?= (?:while|there|for|a|please)\b)",
        rf"(?<!in )(?<!within )(?<!in about )(?:just |only )?(?:a|one) (?:quick |brief )?{_WAIT}(?! ago)"
        r"(?=\W*$|\W*[,.?!;:]|\W+(?:please|while|if|and|to|for|so|then|ok|okay|here|there|thanks|i|i'm|i'll|let|can)\b)"
        r"(?=[^?]*(?:please|while|\?|$))",
        r"(?<!the )(?<!a )(?<!your )hold on(?! (?:all|the|your|to|both|those|them))",
        r"(?:can|could|would|will) you (?:please )?(?:hold|wait)(?! (?:it|them|those|the (?!line)))",
        rf"give me (?:a|one|two|a few|a couple of) {_WAIT}",
    ),
    Talk.PASSES_ON: _any_of(
        r"transfer(?:ring)? (?:you|this call|the call)",
        r"connect(?:ing)? you (?:to|with)",
        r"(?<!did he )(?<!did she )(?<!did they )(?<!did anyone )(?<!did anybody )"
        r"(?:put|pass|patch|hand|send)(?:t?ing)? you (?:through|on(?! hold| a| the (?:register|list))|over(?! the same)"
        r"|across|back to)",
        r"(?:you(?:'d| would| will|'ll)? (?:have|need|ought|be best) to|what you want is to|you'd better)"
        r" (?:ring|call|phone|contact|speak to|ask|email|write to) (?!me\b|us\b|back\b)",
        r"it's (?:really )?between (?:you|them) and|they'd have to (?:sort|deal|look|fix|do)",
        r"(?<!i'll )(?<!i will )(?<!i can )(?<!\bi )(?<!me )give (?!me|us|you|it)\w+ a (?:ring|call)",
    ),
    Talk.PROPOSES: _any_of(
        r"would you like (?:me|us|that|this|it\b)|would (?:that|an? \w+) help|want me to",
        r"would (?:that|it) be (?:an? |any |of )?(?:comfort|help|use|better|useful|good|easier|ok|okay|all right|fine)",
        r"shall (?:i|we)|should i|would it help if|why don't (?:you|we)",
        r"(?:can|could|may) (?:i|we) (?:put|bring|send|book|let|connect) (?!you (?:back|through|on hold))\w+",
        r"(?:do|would) you (?:want|like) to (?:speak|talk|hear)",
        r"can i offer|may i (?:suggest|offer)|i'd like to offer|how about|what (?:about|if) (?:i|we|a|an)",
        r"(?:would|will) you (?:accept|take|prefer)|have you (?:thought about|considered)",
        r"(?:is it|would it be|is that|are you) (?:ok|okay|all ?right|fine|happy)(?: with you)?(?: now)?"
        r" (?:if|for) (?:i|me|we|us|you)",
        r"is it too (?:soon|early|late) (?:for|to)",
        r"is that (?:ok|okay|all right|alright|fine)(?=(?: (?:with|for|by) you)?\s*\?)",
        r"is that what you(?:'d| would)? (?:want|like)",
        r"(?:does|would|will) that (?:work|suit)(?! out)",
        r"would you rather|do you want (?:me|us) to|which would you (?:rather|prefer)",
        r"(?<=[.!,] )(?:ok|okay|all right|alright)(?=\s*\?)",
        rf"{_I} (?:could|can|might be able to) (?:offer|give|send|get|put|book|arrange|refund|hold|move|cancel|post)",
    ),
    Talk.REFUSES: _any_of(
        rf"{_I}(?:'m| am|'re| are)? {_JUST}(?:can't|cannot|can not|won't|will not|unable|not able|not allowed)"
        r"(?! (?:imagine|begin|believe|stop|tell you how|let|leave|be (?:a|long)|go|hang|keep|forget|rest|promise))",
        r"nothing (?:i|we|else i) can|(?:isn't|not|is) (?:possible|impossible)|there's no way",
        r"(?:he|she|they|who)(?: has| have|'s|'ve)? (?:says?|said) no|the answer(?:'s| is) no",
    ),
    Talk.DOES_NOT_KNOW: _any_of(
        rf"{_I} (?:really |honestly |just )*(?:don't|do not) know",
        r"no idea|i'm not (?:sure|certain)|i (?:can't|couldn't) (?:say|tell you)",
    ),
    Talk.IS_LOOKING: _any_of(
        rf"(?:i'm|i am) {_JUST}(?:looking|checking|opening|pulling|reading|bringing)(?! forward)",
        rf"(?:let me|i'll|i will|i'm going to) {_JUST}(?:look|check|(?:have|take) a look|find|pull|bring up|open|read)"
        r"(?! (?:into|after|with|(?:that |it )?back))",
        r"checking (?:now|that|it)",
    ),
    Talk.MEANS_WELL: _any_of(
        r"see what i can do|do (?:my best|what i can|everything i can|all i can)|leave it with me",
        r"try(?:ing)? (?:my|our) best|(?:try|trying|here|want|like|love|happy|glad) to (?:help|assist)",
        r"(?:i'll|i will|i can|let me|let's|we'll|promise|to) (?:just )?"
        rf"(?:help|assist|sort|fix|deal with|take care of|get to the bottom|(?:put|make) {_RIGHT})",
    ),
    Talk.ASKS_WISH: _any_of(
        r"what (?:can|could|should|do) (?:i|we) (?:do|need)(?! for you)",
        r"what (?:would|do) you (?:want|like|need|expect)"
        r"(?! (?:me|us) to (?!do\b|put \w+ right|put right|fix|sort|start))",
        r"what (?:would|will) (?:feel right|work (?:best )?for you|suit you)",
        r"what was it you wanted|what outcome|what are you (?:hoping|looking) for|how would you like (?:me|us|this|it)",
        rf"how (?:can|could|may) {_I} (?:make|put|fix|sort|resolve|best help|help you best)",
        r"how can i help you (?:best|most)|what (?:would|will) (?:help|put|make|settle)",
    ),
}
_ASKS_STORY = _any_of(
    rf"what(?:'s| has| have)? (?:{_HAPPENED})(?=(?: {_TO_YOU}| {_LATELY})*[^\w]*$)",
    r"(?:tell|talk|walk|take) (?:me|us) (?:through )?(?:all about it|everything|the whole (?:thing|story)|about it)",
    r"from the (?:very )?(?:beginning|start)|what(?:'s| is| was) (?:it|this|(?:the|your) call) (?:all )?about",
    r"what seems to be the (?:problem|matter|trouble)|what(?:'s| is) the (?:problem|matter|trouble|issue)",
    r"what went wrong(?! (?:is|was)\b)|what(?:'s| is) (?:wrong|up)(?= with you| today|\W*$)",
)
_ASKS_IF = re.compile(
    r"^\W*(?:(?:and|so|but|ok|okay|right|well|sorry|please)\W+)*"
    r"(?:do|does|did|is|are|was|were|have|has|had)(?:n't)? .*\?"
)
_ALTERNATIVES = re.compile(
    r"\w[^.?!]*\bor (?!(?:not?|so|anything|something|anyone|anybody|someone|somebody|whatever|whoever|else|more|less"
    r"|two|three|both)\b)\w"
)
_WHICH_OF = re.compile(r"\bwhich\b.*\b(?:like|prefer|rather|want|suits?|easie(?:r|st)|(?:better|best) for you)\b")
_WITHOUT_CHOICE = re.compile(
    r"^\W*(?:(?:and|so|but|ok|okay|right|sorry)\W+)*"
    r"(?:did|do(?! you (?:want|prefer|like))|does|have|has|had|is|are|was|were|what|who|why|how)\b"
)
"""Opens a question about what is or was: to answer it takes knowing, and no choosing."""
_EITHER = re.compile(r"\W*\w+ (?:it|that|them|this)\b[^.?!]*,? or \w+ (?:it|that|them|this)\b[^.?!]*\?")
"""Two things to do, of which one is to be chosen: "Keep it on, or take it off?"."""
_PURPOSE = re.compile(r"\bso (?:that )?(?:i|we) (?:can|could|know)\b(?!')[^.?!]*(?=\?)")
"""What a question is asked for."""
_OF_LIKING = re.compile(r"\b(?:better|easier|best|suits?|rather|prefer)\b")
_STATES = re.compile(r"\b(?:on or off|up or down|open or (?:closed|shut)|full or empty|what does it)\b")
"""Asks how something stands."""
_DO_THIS = (
    r"(?:have|take) (?:a (?:quick )?)?(?:look|seat|breath|photo|picture|note)|(?:look|check) (?!like\b|i\b|we\b|,)"
    r"|open (?!question)|turn|press|tap|click|switch|unplug|plug|push|pull|flip|slide|lift|swap|restart|reboot|refresh"
    r"|reload|scroll|swipe|type|enter|put (?!simply|differently|another)|pick|find (?!attached|enclosed|below)|sit"
    r"|stand|step|move (?!on\b)|cross|bin|throw|tear|fold|keep (?!me\b|calm\b)"
    r"|leave (?!it (?:with|to)\b|me\b|that with\b)"
    r"|stay (?!calm\b|on\b|with me\b)|go (?:to|and|back|into|out|over|upstairs|downstairs)|close|shut|lock|write|try"
    r"|give me a (?:shout|ring|wave)|let me know|shout\b"
    r"|don't (?:open|touch|press|click|move|pay|go|send|throw|answer|delete|sign|use|put|turn)"
)
_FIRST_WORDS = (
    r"(?:(?:and|so|then|but|now|ok|okay|right|good|great|please|just|first(?: of all)?|next|for now|instead|meanwhile"
    r"|yes|no|in the meantime|while (?:i|we|you) [^,.?!]+|when (?:you're|you are) [^,.?!]+"
    r"|if you (?:can|could|like|would))\W+)*"
)
_INSTRUCTS = re.compile(
    rf"^\W*{_FIRST_WORDS}(?:(?:can|could|would|will) you (?:please |just |now )*|i(?:'d| would) like you to "
    rf"|you (?:can|should|need to|have to) (?:now |just )?)?(?:{_DO_THIS})"
)
_HANDS_ON = re.compile(
    rf"^\W*{_FIRST_WORDS}(?:(?:that|this|the|your) [\w' -]{{1,25}}, )?"
    r"(?:(?:can|could|would|will) you (?:please |just |now |also )*)?"
    r"(?:turn|press|tap|click|switch|unplug|plug|push|pull|flip|slide|swap|restart|close|shut|lock|hold|put|move|sit"
    r"|stand|step|keep|leave|stay)\b(?!.*\b(?:tell me|read|what|which|who|whose|when|where|why|how)\b)"
)
"""Something to be done with the hands, which asks for no fact."""
_REPORT_BACK = re.compile(
    rf"^\W*{_FIRST_WORDS}(?:(?:can|could|would|will) you )?"
    r"(?:tell me|let me know|say|shout) (?:when|once|as soon as|if) "
    r"(?:it|that|they|you)(?:'s|'re|'ve| is| are| has| have| goes| stops?| can see)\b"
)
_OF_NOW = re.compile(
    r"(?:\w+, )?(?:(?:and|so|but|then|now|ok|okay|great|good|right) )*(?:has|have (?:you|they)"
    r"|did (?:it|that|they|the|you)"
    r"|is (?:it|that|he|she|the)|are (?:they|you)|can you (?:see|hear|read)|do you (?:see|have)|does it)\b"
)
_WHETHER_IT_SUITS = re.compile(
    r"\b(?:ok|okay|all ?right|fine|happy|clear|settle[sd]?|sounds?|suits?|enough|anything|content|good|questions?"
    r"|concerns?|sure|comfortable|still there|mean|help(?:s|ed)?)\b"
)
_STATE_BY_NOW = re.compile(
    rf"^\W*{_FIRST_WORDS}(?:(?:that|this|the|your) [\w' -]{{1,25}}, )?(?:has|have|is|are|did|does|do)\b"
    r".*\b(?:now|yet|still|gone|worked|work|done)\b.*\?$"
)
_AT_THE_END = 2
"""Sentences that a reply leaves the customer with: an instruction before that was for later, or is done with."""
_SMALL_TALK = _any_of(
    r"weather|football|the match|weekend|coffee|lunch|a long day|one of those days",
    r"my (?:day|cat|dog|break|holiday)",
)
_OF_FORM = (Talk.ASKS_WHAT_ELSE, Talk.ASKS_TO_WAIT)
"""Questions that any call may end or pause with."""
_OUTDOES = (
    (Talk.ASKS_WISH, Talk.PROPOSES),
    (Talk.ASKS_WISH, Talk.MEANS_WELL),
    (Talk.PROPOSES, Talk.MEANS_WELL),
    (Talk.ASKS_WHAT_ELSE, Talk.MEANS_WELL),
    (Talk.GREETS, Talk.MEANS_WELL),
    (Talk.ASKS_STORY, Talk.GREETS),
)
"""Of these two readings the first is the one that is meant."""


@lru_cache(maxsize=256)
def talk_of(reply: str, world: frozenset[str] = frozenset()) -> frozenset[Talk]:
    """All that a reply does as conversation.

    Args:
        reply: The trainee's words.
        world: Stems of what the call is about; without them only small talk counts as off the topic.
    """
    heard = plain(reply)
    found = {talk for talk, pattern in _PATTERNS.items() if pattern.search(heard)}
    if not _PATTERNS[Talk.PROPOSES].search(_PURPOSE.sub("", heard)):
        found.discard(Talk.PROPOSES)
    if any(_ASKS_STORY.search(plain(one)) for one in sentences(reply) if is_question(one)):
        found.add(Talk.ASKS_STORY)
    for stronger, weaker in _OUTDOES:
        if stronger in found:
            found.discard(weaker)
    if any(_ASKS_IF.match(plain(sentence)) for sentence in sentences(reply)):
        found.add(Talk.ASKS_IF)
    ending = sentences(reply)[-_AT_THE_END:]
    if any(asks_which(one) for one in ending[-1:]):
        found.add(Talk.ASKS_WHICH)
    if any(_INSTRUCTS.match(plain(one)) and not _EITHER.match(plain(one)) for one in ending):
        found.add(Talk.INSTRUCTS)
    if holds_forth(reply):
        return frozenset({Talk.HOLDS_FORTH})
    beside = {
        Talk.GETS_ON: lambda one: _gets_on(one, world),
        Talk.OWN_STORY: of_oneself,
        Talk.LECTURES: lectures,
    }
    found |= {talk for talk, does in beside.items() if any(map(does, sentences(reply)))}
    if says_little(reply):
        found.add(Talk.SAYS_LITTLE)
    elif _SMALL_TALK.search(heard) or (found <= {Talk.ASKS_IF} and world and _wanders(reply, world)):
        found.add(Talk.WANDERS)
    return frozenset(found)


def asks_for_no_fact(sentence: str) -> bool:
    """Whether a sentence has something done, or wants to hear when it is: "Close it, please.", "Say when it's off"."""
    heard = plain(sentence)
    return bool(_HANDS_ON.match(heard) or _REPORT_BACK.match(heard))


def asks_how_it_stands(sentence: str) -> bool:
    """Whether a sentence asks for a yes or a no about now: "Has it gone off now?"."""
    return bool(_STATE_BY_NOW.search(plain(sentence)))


def asks_of_now(question: str) -> bool:
    """Whether a question wants to know what has come, what works or what is to be seen; whether it suits is no such."""
    heard = plain(question)
    return bool(_OF_NOW.match(heard)) and not _WHETHER_IT_SUITS.search(heard)


def asks_which(sentence: str) -> bool:
    """Whether a sentence asks to choose: "Shall I post it, or would you rather have a mail?"."""
    heard = plain(sentence)
    told = _INSTRUCTS.match(heard) and not _EITHER.match(heard)
    known = _WITHOUT_CHOICE.match(heard) or _STATES.search(heard) or _is_of_fact(heard) or told
    between = bool(_ALTERNATIVES.search(heard)) and not known
    return is_question(sentence) and (between or bool(_WHICH_OF.search(heard)))


def _is_of_fact(heard: str) -> bool:
    """Whether a later clause asks what is or was: "So the red one, did it come by post or by hand?"."""
    clauses = re.split(r",\s*|\band (?=are |is |did )", heard)
    asked = (clause for clause in clauses[1:] if " or " in clause and not _OF_LIKING.search(clause))
    return any(_WITHOUT_CHOICE.match(clause) for clause in asked)


def asks_whether(sentence: str) -> bool:
    """Whether a sentence asks for a yes or a no, and holds nothing out: "Have you sent them any money?"."""
    beside = {Talk.PROPOSES, Talk.ASKS_WHICH, Talk.ASKS_WHAT_ELSE, Talk.ASKS_WISH, Talk.ASKS_TO_WAIT, Talk.INSTRUCTS}
    return bool(_ASKS_IF.match(plain(sentence))) and not talk_of(sentence) & beside


def says_little(reply: str) -> bool:
    """Whether a reply is a word or two without a topic: "Okay.", "Yes", "I see"."""
    said = words(reply)
    return 0 < len(said) <= _LITTLE and not content_stems(reply) - _FILLERS


def _gets_on(sentence: str, world: frozenset[str]) -> bool:
    """Whether a sentence asks or instructs something about the case, or tells a figure of it."""
    heard, about = plain(sentence), topic_of(sentence) & world
    asks = is_question(sentence) and not any(_PATTERNS[talk].search(heard) for talk in _OF_FORM)
    figures = any(len(stem) > 1 and stem.isdigit() for stem in about)
    return bool(about) and (asks or figures or bool(_INSTRUCTS.match(heard)))


def topic_of(text: str) -> frozenset[str]:
    """Stems of what a text is about, without what any call may speak of."""
    return content_stems(text) - _EVERYDAY


def _wanders(reply: str, world: frozenset[str]) -> bool:
    topic = topic_of(reply)
    return len(topic) >= _ENOUGH and topic.isdisjoint(world)


def world_of(material: Material) -> frozenset[str]:
    """Stems of what a call is about: all its authored texts, locked ones too (nothing is told by knowing a word)."""
    scenario = material.scenario
    texts = (
        scenario.situation,
        scenario.wants,
        *scenario.briefing.history,
        *scenario.briefing.policy,
        *(fact.text for fact in scenario.facts),
        *(topic for fact in scenario.facts for topic in fact.asked),
        *(phrase for promise in scenario.promises.values() for phrase in promise.words),
        *(line.text for line in scenario.opening),
        *(line.text for lines in scenario.lines.values() for line in lines),
        *material.slots.values(),
    )
    return _stems_of(texts)


@lru_cache(maxsize=16)
def _stems_of(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset().union(*(content_stems(text) for text in texts))


_EVERYDAY = content_stems(
    "sorry wrong right mistake fault happen understand help sort fix check look call ring phone line speak talk name "
    "manager supervisor colleague team company system computer screen policy rule complain question answer know think "
    "sure true letter email money pay cost done nothing anything everything something minute hour day today tomorrow "
    "tonight night morning evening week wait soon please thank good bad hard best see hear say said tell sound feel "
    "come want need make take give keep get let go try mean really actually honestly madam sir people person nobody "
    "everyone way thing part bit lot time again still already yet only even ever never always last next first second "
    "upset angry cross furious annoyed annoying frustrated frustrating infuriating maddening unfair scared scary "
    "frightened frightening terrified terrifying worried worry worrying afraid anxious panic confused confusing lost "
    "awful horrible terrible dreadful stressful difficult calm listen problem issue care hope promise like sense clear "
    "perfectly blame apologise apology agree yourself myself"
)
"""What any such call may speak of: by itself neither on nor off the topic."""
