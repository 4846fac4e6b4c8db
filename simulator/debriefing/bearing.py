"""What words must have in them to bear a behaviour's name: its own words, or a detector that is nearly certain.

Apart from `named`, which applies it: this is the table a trainer may argue about, a row for each behaviour. Detectors
answer a customer, who forgives a near miss; a debrief quotes the words to their author, who does not.
"""

import re
from collections.abc import Mapping

from simulator.customer.hearing import plain
from simulator.vocabulary import SignalName, Value

_S = SignalName
_NEVER = 2.0
CLAUSE_WORDS = 4
"""A quote of fewer words than this shows a good thing only together with its sentence."""


class Bearing(Value):
    """What a quote needs before it is shown as one behaviour. Patterns look at the words in lower case."""

    least: float = 0.6
    """Below this probability it is never named."""
    shape: str | None = None
    """What the words must contain; None: nothing in particular."""
    sure: float = 0.93
    """From this probability on the shape is not asked for."""
    bars: str | None = None
    """What the words must not contain."""
    words: int = 1
    """How many words the quote must have."""


def _row(shape: str | None = None, bars: str | None = None, **more: float) -> Bearing:
    return Bearing(shape=shape, bars=bars, **more)


_CHECKING = (
    r"\bunderst(?:and|ood)\b|\bclear(?:er)?\b|\bsit with you\b|\bdoes that (?:fit|sound|suit|help)\b|\bcomfort\b"
    r"|\bstart again\b|\b(?:any|some)thing\b|\bhow are you\b|\bal+ ?right\?|\blike this\b|\bbreathe\b|\bsleep well\b"
    r"|\b(?:is|are) (?:this|that|you) (?:ok|okay|all ?right|fine)\b"
    r"|\bwould you (?:like|repeat)\b|^(?:now,? )?shall (?:i|we)\b|\bwhat else\b"
)
ASKED_BEFORE = r"\bagain\b[^.]*\?|\bdid you say\b|\bremind me\b|\bwhere was i\b|\bwhat was (?:it|that)\b"
"""A question by its own words asked before."""
_FEELINGS = (
    r"\b(?:angry|anger|furious|cross|livid|fright\w*|afraid|scar(?:ed|y|ing)|fears?|terrif\w+|worr\w+|upset\w*|awful"
    r"|lonely|madden\w*|puzzl\w*|unsettl\w*|confus\w+|frustrat\w+|anxious|alarm\w*|ashamed|heavy|hard|horrible|dreadful"
    r"|distress\w*|panic\w*|heartbroken|infuriat\w+|lost|blood boil|head spins?|exhaust\w*|worn|shaking"
    r"|lights going out)\b"
)
_REASONABLE = (
    r"\bof course (?:you|that|it)\b|\bno wonder\b|\bany(?:one|body) (?:\w+ ){0,5}would\b|\bwould \w+ any(?:one|body)\b"
    r"|\bany (?:parent|mother|father)\b|\bi(?:'d| would) be (?:\w+ )?too\b|\bright to (?:be|feel|ask|ring|worry)\b"
    r"|\bevery (?:right|reason)\b|\bmakes (?:\w+ )?sense\b|\bshouldn't have had to\b|\bwho wouldn't\b"
    r"|\bunderstandabl[ey]\b|\b(?:nobody|no one) should have to\b"
)
ACT = (
    r"\b(?:i|we)(?:'m|'re| am| are)(?: (?:now|just|also|already|all|both|personally))* "
    r"(?!looking|listening|watching|going to be\b|being\b|trying|asking|hearing|seeing|ringing about)[a-z]+ing\b"
    r"|\b(?:i|we)(?:'ll|'ve| will| have| can)(?: (?:now|just|also|already|all|both|personally))* "
    r"(?!looking|(?:so|very|really|truly|deeply|terribly)\b|sorry|afraid|got\b|be (?:plain|honest|quick|brief)|here\b"
    r"|no\b|not\b|the\b|a\b|been\b|glad|sure|stay|wait|through"
    r"|listening|watching|right\b|with\b|hear|see\b|only\b|going to be\b|understand|imagine)[a-z]+"
    r"|\byou'll have\b|\bexpect my call\b|\bi (?:now |already )?(?:ring|call|book|file|send|tell|write|open"
    r"|cancel|bring|post|check|order|fetch|hold|put|add"
    r"|withdraw|extend|change|correct|fix|stop|refund|am \w+ing)\b"
    r"|^(?:(?:ok|okay|right|so|now),? )*(?:putting|sending|booking|cancelling|texting|ringing|moving|refunding|freezing"
    r"|opening|ordering|writing|mailing|emailing|posting|splitting|resetting|unlocking|switching|turning|adding) \w+"
    r"|\bi (?:now |also |just )?(?:sent|booked|posted|moved|refunded|closed|opened|text|take|withdrew)\b"
    r"|\b(?:letter|mail|form|credit|money|refund) (?:goes|go) (?:out|back)\b"
    r"|\blet me (?!look|see|check|ask|know|transfer|tell|put you|pop you)\w+"
    r"|\b(?:ordered|dispatched|shipped)\b|\b(?:booked|cancelled|withdrawn|confirmed|extended|repriced"
    r"|on (?:its|his|her|their|the) way|joining|joins"
    r"|arrives|comes? to you|ringing through|not pay a penny)\b|\bdone\b"
    r"|\b(?:it's|it is|that's|that is|they're|is|are|has been|have been) (?:now |all |both |already )*"
    r"(?:sent|cancelled|stopped|blocked|off|through|waived|paid|put through|in the post|on record|with \w+)\b"
)
_LEFT_OUT = re.compile(r"\b(?:(what|that|there|who|how|where)(s)|(i)(m|ve))\b")
_IN_WORDS = r"half|quarter|noon|midnight|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen"
_NUMBER = rf"(?:\d[\d:.]*|{_IN_WORDS})"
_CLOCK = rf"(?:(?:[01]?\d|2[0-4])(?:[:.][0-5]\d)?(?!\d)|{_IN_WORDS})"
_DAY = r"(?:today|tonight|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_TIME = (
    rf"\b(?:now|right away|straight away|at once|{_DAY}|this (?:minute|evening|afternoon|morning)|within|first class"
    rf"|before (?:you|we)|while (?:you|we)|(?:by|at|until) {_CLOCK}|in (?:the next )?(?:a|an|{_NUMBER}) "
    r"(?:second|minute|hour|day)s?|in a (?:minute|moment)"
    rf"|takes? (?:about |only )?{_NUMBER} (?:second|minute|hour)s?)\b"
)
_OURS = (
    r"(?=.*\b(?:our|ours|we|us|my|i|me|i'm)\b).*\b(?:fault|mistake|blunder|error|fail\w*|wrong of|the wrong|badly"
    r"|should(?:n't)? have|sorry|didn't|let you down|on (?:me|us)|doing|muddle|instead of|ours to"
    r"|(?:was|is) ours|my (?:\w+ ){0,3}(?:was|were) (?:\w+ )?wrong"
    r"|we (?:have )?still (?:sent|took|wrote|charged|billed))\b"
)
_CONDOLES = (
    r"\bsorry (?:about|for) (?:your (?:loss|wife|husband|mother|father|mum|dad|son|daughter|brother|sister|friend)\b"
    r"|(?!that|this|it|everything|all|mine|ours|\w+ing\b|\w+s\b)\w+\W*$)"
)
"""Is sorry for somebody's grief, and apologises for nothing."""
_SLOGAN = (
    r"\b(?:important to us|valu(?:ed|able|e you)|committ?(?:ed|ment)|satisfaction|appreciate|reassure|rest assured"
    r"|journey|gift to us|your rights to|dedicat\w+|opportunity to learn|our customers|bear with me)\b"
)

BEARINGS: Mapping[SignalName, Bearing] = {
    _S.NAMES_FEELING: _row(
        _FEELINGS,
        r"\?$|\bif (?:it|that|you)\b|\bdon't look\b"
        r"|\bunderstand your\b|\banything\b|\bi(?:'m| am) (?:\w+ )?(?:ashamed|afraid|worried|sorry)\b",
        sure=_NEVER,
    ),
    _S.VALIDATES: _row(_REASONABLE, r"\bmisheard\b|\bnot our\b|^you're right,", sure=_NEVER, words=3),
    _S.SPEAKS_TO_MEANING: _row(bars=r"\bi(?:'m| am) (?:now )?\w+ing\b|\bi(?:'ll| will)\b", least=0.8, words=4),
    _S.SINCERE_APOLOGY: _row(
        r"\bi(?:'m| am)\b[^.]{0,20}\bsorry\b|\bi (?:do )?apologi[sz]e\b"
        r"|\bi beg your pardon\b|^sorry (?:that|for|about|i|we|nobody)\b",
        r"\?$|\binconvenience\b|\bdue respect\b|\bsorry,? (?:but|you must)\b|\bgot a queue\b|\bmy screen\b"
        rf"|\bbear with\b|\bsorry to hear\b|{_CONDOLES}",
        sure=_NEVER,
        words=3,
    ),
    _S.STOCK_PHRASE: _row(
        _SLOGAN,
        r"\bthat helps me\b|\bworrying you\b|\bon your heart\b|^is there anything else$",
        least=0.5,
        sure=0.75,
        words=3,
    ),
    _S.DISMISSES_FEELING: _row(
        r"\bcalm down\b|\brelax\b|\bdon't (?:you )?worry\b|\bno (?:worries|need to)\b|\boverreact|\bit happens\b"
        r"|\b(?:everything|it) will be (?:fine|all right|ok(?:ay)?)\b"
        r"|\bprices move\b|\bpanicking\b"
        r"|, but it's\b|\bjust how\b|\bonly (?:a|one)\b|\bin a state about\b|\bget (?:so )?(?:upset|worked up)\b",
        sure=_NEVER,
    ),
    _S.TAKES_BACK: _row(
        bars=r"\bbut\b[^.]*\b(?:because|since) (?:our|my|we|i)\b"
        r"|\bbut (?:that|it) (?:is|was|'s) (?:our|ours|my|mine|on)\b"
    ),
    _S.BLAMES_CUSTOMER: _row(
        bars=r"\b(?:then|and) (?:you were )?(?:asked|told) you\b|\b(?:after|of) being (?:asked|told)\b"
        r"|\bshould(?:n't| not) have (?:had|paid|needed|been)\b",
        least=0.8,
    ),
    _S.INSULTS: _row(least=0.9, words=2),
    _S.ACCEPTS_RESPONSIBILITY: _row(
        _OURS,
        r"\bnot (?:my|our)\b|n't (?:my|our)\b|\bdid(?:n't| not) say\b|\bmisheard\b|\bmy screen\b|\bi don't\b",
        sure=_NEVER,
    ),
    _S.OFFERS_HELP: _row(r"\b(?:help|sort|look|get|find out|see what|with you|fix)\b", r"\bstop there\b|\baccount\b"),
    _S.COMMITS_ACTION: _row(
        ACT,
        r"\bsent nobody\b|\bring for an ambulance\b|^bin it\b"
        r"|\b(?:i|we)(?:'ve| have) (?:now |just )?(?:written (?:that|it) (?!to)|read|seen|looked(?! into))\b"
        r"(?!.*\band \w+ed\b)|\bi have (?:an? |your |the )?(?:account|order|case|file)s?(?: \w+)? open\b"
        r"|^next (?:bit|step|thing|part) is\b"
        r"|\b(?:i|we)(?:'ve| have) (?:taken my|kept you|been|had|heard|put you through)\b"
        r"|\btake (?:one thing|that|something) back\b|\bget you (?:calm|through)\b"
        r"|\bsort (?:it|this|that)(?: all)?(?: out)?(?: with you)?(?: now)?\W*$|\bhave a word\b|\bdo my best\b"
        r"|\btry (?:and|to)\b|\bget (?:it|this|that|them|everything) (?:all )?(?:looked|sorted|seen|dealt)\b"
        r"|\b(?:can't|cannot|can not) (?:give|refund|change|pay|do)\b|\bsomething (?:arranged|sorted|done|moving)\b"
        r"|\bwhat(?:'s| is) possible\b|\bprobably\b"
        r"|\brule requires\b|\bif i must\b|\?$|\b(?:pretty|fairly|almost|quite) sure\b|\bhopefully\b|\bperhaps\b"
        r"|\bmaybe\b",
        least=0.5,
        sure=_NEVER,
    ),
    _S.GIVES_TIME: _row(
        _TIME,
        r"\b(?:good|valid) (?:un)?til\b|\bmonths from today\b|\bdated\b|\ball day\b"
        r"|\b(?:is|are|was|were) (?:\w+ )?(?:bad|busy|slow|closed|late)\b|\byou can \w+ \w+ now\b|^can you\b|\?$"
        r"|\bthat we never\b|\bnobody from\b|\blines? (?:is|are)\b|\byou change your mind\b|\bno wonder\b"
        r"|^(?!.*(?:'ll|\bwill)\b).*\b(?:was|were|had|been|delivered|left|came|rang|scanned)\b[^,;]*"
        rf"\b(?:at|by|until) {_CLOCK}\b"
        r"|\bfor a (?:minute|moment|second)\b|\bby an? (?:hour|day)\b|\bsent nobody\b|\bfor nothing\b",
        sure=_NEVER,
    ),
    _S.GIVES_CALLBACK: _row(
        r"\b(?:ring|call|phone)(?:s|ing)? (?:\w+ ){0,3}back\b|\bcall-?back\b"
        r"|\bshould (?:we|it|the line)\b.*\bmy call\b|\bif\b.*\bi(?:'ll| will)? (?:ring|call|phone)\b|\bi(?:'m"
        r"| am) the one who (?:rings|calls)\b",
        r"\bor (?:ring|call|phone) you back\b",
        sure=_NEVER,
    ),
    _S.CHECKS_IT_WORKED: _row(
        r"\b(?:check|see it|see there|what you see|worked|refresh|arrived|reached"
        r"|works now|shows?(?! an?\b)|knock|in your hand)\b"
        r"|\bcan you see\b",
        r"\bin writing first\b|\b(?:press|tap|find|look for)\b[^.?]*\bwhat you see\b|\bgive me\b",
        sure=_NEVER,
    ),
    _S.DEFLECTS: _row(
        r"\b(?:system|computer|departments?|colleague|not (?:my|our|me)|(?:didn't|don't) set|policy|courier"
        r"|website|they|head office|market|team|i just (?:answer|work))\b",
        r"\bi (?:can't|cannot|must not|mustn't|may not) (?:tell|advise|say)\b",
        least=0.5,
        sure=0.97,
    ),
    _S.HIDES_BEHIND_POLICY: _row(
        r"\b(?:polic(?:y|ies)|rules?|procedures?|terms|regulations?|not allowed|data protection|for \w+ reasons)\b",
        least=0.75,
        sure=_NEVER,
    ),
    _S.HANDS_OFF: _row(
        r"\b(?:transfer|put(?:ting)? you through|pass(?:ed|ing)? (?:you|this|that|it)|departments?|dispatch|colleagues?"
        r"|team|website"
        r"|have you tried (?:the|our|using|turning|ringing|calling)|ring them|call them|call back"
        r"|specialists?|check with|use the (?:app|form|portal)"
        r"|fill in|outside the)\b|\byou(?:'ll"
        r"| will)? (?:have|need) to\b",
        sure=_NEVER,
    ),
    _S.PASSIVE_PROMISE: _row(
        bars=r"\bshould(?:'ve| have| of)\b|\bago\b|^please\b|\bsaid\b|\btold\b|\bpromised\b|\bbeen received\b"
        r"|\bthere should be an?\b|\bonly\b[^.]*\bcan\b|\b(?:i|we)(?:'ll|'m| can| will| am| have)\b",
        least=0.7,
        words=3,
    ),
    _S.ENDS_CONTACT: _row(r"\bbye\b|\bgoodbye\b|\w\W+\w", least=0.7, sure=_NEVER),
    _S.CHECKS_UNDERSTANDING: _row(
        r"\bhave i (?:\w+ ){0,2}(?:right|straight|understood|missed|heard|got|all)\b|\bdid i (?:get|understand|miss)\b"
        r"|\bis that (?:right|correct|clear|clearer|how)\b|\bgot (?:it|that) (?:straight|right)\b|\bcheck i have\b"
        r"|\bin your (?:own )?words\b|\brepeat (?:that|it) back\b|\bdoes that (?:fit|match)\b|\bclear so far\b"
        r"|\bi(?: have|'ve)(?:n't heard| missed| forgotten)\b|\bmakes? sense\b",
        sure=_NEVER,
    ),
    _S.ASKS_OPEN: _row(
        r"\b(?:what|how|why)\b.*\?|^(?:(?:and|so|but|ok|okay|right),? )*(?:what|how|why)\b"
        r"|\b(?:tell me|describe|(?:talk|walk) me through|in your (?:own )?words)\b",
        rf"{ASKED_BEFORE}|^(?:and |so |but )?(?:is|was) (?:it|this|that) (?:how|what|why)\b"
        r"|\bhow (?:old|much|many|long|far|often)\b"
        r"|\bwhat(?:'s| is| does) (?:its|his|her|the) (?!worst|biggest|main|hardest)"
        r"|\bwhat (?:street|time|number|address|road)\b"
        r"|\bsee there\b|\bhow is (?:he|she)\b"
        r"|^(?:and |so |but )?(?:shall i|may i|do you (?!feel|think|mean)|did you|is|are|was|were|have|has)\b",
        sure=_NEVER,
    ),
    _S.ASKS_DETAIL: _row(r"\?|\btell me\b", f"{_CHECKING}|{ASKED_BEFORE}", sure=_NEVER),
    _S.TELLS: _row(least=0.8, words=4),
    _S.USES_JARGON: _row(bars=r"^\W*\w{1,2}\W*$"),
    _S.GIVES_PACE: _row(
        r"\b(?:rush|hurry|(?:your|all the|have) time|slowly|at your (?:own )?pace|stay(?:ing)?|i'm here|right here"
        r"|with you|not alone|not leaving|not going anywhere|stop there|i(?:'ll| will) wait|together|one at a time)\b",
        rf"{ASKED_BEFORE}|\bstay (?:out|away|off|clear)\b",
        sure=_NEVER,
    ),
    _S.CHECKS_SAFETY: _row(
        r"\b(?:awake|drowsy|sick|vomit\w*|breath\w*|conscious|safe|alone|talking|drinking|alert|all right in|with you"
        r"|himself|herself|how(?:'s| is| are)"
        r" (?:he|she|they|(?:your |the )?(?:son|daughter|child|baby|husband|wife|mum|mother|dad|father|brother"
        r"|sister|boy|girl|kids|children|patient) (?:doing|feeling|(?:right )?now))"
        r"|how (?:he|she) is)\b[^.]*\?",
        r"\bsomething i\b",
        sure=_NEVER,
    ),
    _S.ONE_STEP: _row(
        r"\bone (?:(?:thing|step|letter) )?at a time\b|\bstep by step\b|\b(?:just|only) (?:this|one thing)\b"
        r"|\bjust (?:find|press|look|pick|read|take|sit|hold|put) (?:\w+ ){1,8}for (?:me|now)\b"
        r"|\bone thing (?:only|for now)\b|\bfor now,? (?:just|only)\b"
        r"|\bfirst(?:ly)?,? (?:please |just )?(?:look|pick|read|find|take|press|go|open|put|turn|sit)\b",
        ASKED_BEFORE,
        sure=_NEVER,
    ),
}
"""By behaviour; one that has no row is named as it was found."""


def _spelt_out(words: str) -> str:
    """Words with the apostrophes that were left out."""
    return _LEFT_OUT.sub(lambda found: f"{found[1] or found[3]}'{found[2] or found[4]}", words)


def bears(name: SignalName, quote: str, probability: float) -> bool:
    """Whether words (in lower case, with straight apostrophes or without) bear the name of a behaviour.

    Args:
        name: The behaviour.
        quote: The words that are to be shown for it.
        probability: How sure its detector was, 0 to 1.
    """
    row, quote = BEARINGS.get(name, Bearing()), _spelt_out(quote)
    if probability < row.least or len(quote.split()) < row.words:
        return False
    if row.bars and re.search(row.bars, quote):
        return False
    return row.shape is None or probability >= row.sure or bool(re.search(row.shape, quote))


def worded(name: SignalName, sentence: str) -> bool:
    """Whether a sentence has the words of a behaviour, whatever a detector made of it; no where it has none."""
    row, heard = BEARINGS.get(name, Bearing()), _spelt_out(plain(sentence))
    barred = bool(row.bars and re.search(row.bars, heard))
    return row.shape is not None and not barred and bool(re.search(row.shape, heard))
