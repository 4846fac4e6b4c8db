"""What a text is about: its content words by stem, so that "two engineers" and "2 engineer visits" meet.

Apart from `prose` because overlap of meaning (reflecting, parroting, asking again) needs stems, and phrases need words.
"""

import re
from functools import lru_cache

from simulator.assessment.prose import Found, Prose

STOPWORDS = frozenset(
    """
    a about above across after again against ago all almost alone along already also although always am an and another any
    anybody anyone anything are around as ask at away back be because been before being below between both bit but by came can
    come could day did do does doing done down during each either else even ever every everybody everyone everything few for
    from further get gets getting give given go goes going gone good got great had has have having he hello help her here hers
    hi him his how i if in into is it just keep kind know last least less let like little look lot made make many may maybe me
    mean might mind mine moment more most much must my myself name need never next no nobody none nor not nothing now of off oh
    okay on once one only or other our ours out over own part people perhaps please put quite rather really right said same say
    see seem self shall she should since sir so some somebody someone something soon sorry still stuff such sure take tell than
    thank thanks that the their them then there these they thing think this those though through thus time to today together
    told too try trying under until up upon us use very want was way we well went were what when where whether which while who
    whole whom whose why will with within without would yes yet you your yours yourself madam ma'am dear regards kindly able
    understand frustration frustrated feel feeling apologise inconvenience customer agent
    """.split()
)

_NUMBERS = {
    word: str(number)
    for number, words in enumerate(
        "zero one two/twice/couple/second three/thrice/third four/fourth five/fifth six/sixth seven/seventh eight/eighth "
        "nine/ninth ten/tenth eleven twelve thirteen fourteen fifteen".split()
    )
    for word in words.split("/")
    if word not in ("one", "second")
}
_SAME = {
    stem: group.split()[0]
    for group in """mum mother mom mam|dad father|child kid kiddy|plane flight|phone telephone mobile|photo picture pic image
        |luggage baggage bag suitcase|money cash|bill invoice|parcel package box|letter paper post mail|wife spouse|grandma gran
        |buck dollar usd|quid pound gbp|euro eur|shop store|refund reimburse|ring call rang|boy son lad|girl daughter|buy bought
        |pay paid|sell sold|send sent|write wrote written|break broke broken|lose lost|wait stood|home house|dead died passed
        |tv television|medicine tablet pill med""".split("|")
    for stem in group.split()
}
_SUFFIXES = re.compile(r"(?:ations?|ments?|ings?|ers?|edly|ed|ly|ies|es|s|e|y)$")


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A word without its endings, and one stem for words that mean the same here."""
    bare = word.removesuffix("'s").replace(",", "")
    if bare in _NUMBERS:
        return _NUMBERS[bare]
    if bare in _SAME:
        return _SAME[bare]
    single = bare.removesuffix("s") if len(bare) > 3 and not bare.endswith("ss") else bare
    if single in _SAME:
        return _SAME[single]
    cut = _SUFFIXES.sub("", bare) if len(bare) > 4 else single
    return cut if len(cut) >= 3 else single


def is_content(word: str) -> bool:
    """True for a word that says what a text is about."""
    return (len(word) > 2 and word[0].isalpha() and word not in STOPWORDS) or word[0].isdigit() or word in _NUMBERS


def content(prose: Prose, found: Found | None = None) -> frozenset[str]:
    """Stems of the content words of a place, or of the whole text."""
    words = prose.words if found is None else prose.words[found.first : found.last]
    return frozenset(stem(word.text) for word in words if is_content(word.text))
