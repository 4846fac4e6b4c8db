"""What only those who serve say: the grammar of an agent, read from the patterns in `service_talk.txt`.

Apart from roles, because this is language and that is judgement. Each pattern is a kind of speech act, not a phrase:
who promises whom what, whose terms are explained, who "we" are, and whose affairs are "yours". A customer says none of
them in their own voice; what they quote or retell of an agent is not theirs.
"""

import re
from collections.abc import Iterator

from simulator.customer.patterns import patterns

_KINDS = {kind: re.compile(rf"\b(?:{'|'.join(lines)})") for kind, lines in patterns("service_talk.txt").items()}
"""Service talk by what the customer does or is instead."""
_SUPPOSES = re.compile(r"\b(?:if|imagine|suppose|were|would you|wouldn't you|what about|have you (?:got )?an?y?)\b")
_YOUR_OWN = re.compile(r"your \w+(?: \w+)?")


def service_talk(sentence: str) -> Iterator[tuple[str, str]]:
    """What of one lower-case sentence only an agent says: what the customer does or is instead, and the words.

    "If it were your son" supposes, and asks for fellow feeling; it is left alone.
    """
    supposes = _SUPPOSES.search(sentence) is not None
    for kind, pattern in _KINDS.items():
        found = pattern.search(sentence)
        if found and not (supposes and _YOUR_OWN.fullmatch(found.group())):
            yield kind, found.group()
