"""From YAML text to a document, refusing what authored files never need. The only module that knows a YAML parser."""

from collections.abc import Iterator, Mapping, Set
from contextlib import suppress

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from simulator.content.document import Document, problem_at
from simulator.content.problem import Problem, quoted

MAX_CHARACTERS = 400_000
MAX_DEPTH = 30
MAX_ALIASES = 40
MAX_NODES = 40_000
"""Keys and values, those that aliases stand for counted each time. A long scenario has 5,000."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STRAY = yaml.reader.Reader.NON_PRINTABLE
_BOOLEAN = "tag:yaml.org,2002:bool"
_SYNTAX = {
    "anchor": ("this is no anchor (&name)", "text that begins with & needs quotes round it"),
    "alias": ("this alias (*name) stands for nothing", "text that begins with * needs quotes round it"),
    "cannot start any token": (
        "no value can begin with this character",
        "indent with spaces, never tabs; put quotes round text",
    ),
    "mapping values are not allowed": (
        "a colon makes no sense here",
        "text with ': ' in it needs quotes round it; keys that belong together line up",
    ),
    "flow": (
        "a bracket that is open here is not closed, or a comma is missing",
        "inside [ ] and { }, text that holds quotes, a comma or a bracket needs quotes round all of it",
    ),
    "expected": (
        "this does not fit what stands before it",
        "check the indentation; text that begins with { or [ needs quotes round all of it, and inside '...' an "
        "apostrophe is written twice",
    ),
}
"""Signs in what a parser (libyaml, or PyYAML's own) says, to what an author can do about it."""


class _Unusable(Exception):
    """There is no going on with this text."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def parse(text: str, path: str, problems: list[Problem]) -> Document | None:
    """Read YAML with the position of every node, adding what is wrong to `problems`.

    Returns:
        The document; None if the text is not YAML, is empty, or asks for what is refused (tags, several documents,
        more than `MAX_CHARACTERS`, `MAX_DEPTH`, `MAX_ALIASES` or `MAX_NODES`). A duplicate key is a problem but leaves
        a document.
    """
    text = text.removeprefix("\ufeff")
    try:
        _check_characters(text, path)
        _check_events(text, path)
        root = _root(yaml.compose(text, Loader=_LOADER), path)
    except yaml.MarkedYAMLError as error:
        problems.append(_within(text, _syntax_problem(error, path)))
    except _Unusable as unusable:
        problems.append(unusable.problem)
    else:
        problems.extend(dict.fromkeys(_check_nodes(root, path)))  # an alias shows its node twice
        return Document(path, text, root)
    return None


def head(text: str, keys: Set[str]) -> Mapping[str, str]:
    """The plain values that stand at these keys of a file, read no further than the last of them.

    Returns:
        What was found before the text ended or ceased to be YAML. A list, a mapping or an alias is no plain value.
    """
    found: dict[str, str] = {}
    with suppress(yaml.YAMLError):
        for key, value in _plain_pairs(text):
            if key in keys:
                found.setdefault(key, value)
            if len(found) == len(keys):
                break
    return found


def _plain_pairs(text: str) -> Iterator[tuple[str, str]]:
    depth, key = 0, None
    for event in yaml.parse(text, Loader=_LOADER):
        plain = event.value if isinstance(event, yaml.ScalarEvent) and event.tag is None else None
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif depth == 1 and key is None:
            key = plain or ""
        elif depth == 1 and key is not None:
            if plain is not None:
                yield key, plain
            key = None
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1


def _check_characters(text: str, path: str) -> None:
    if not text.strip():
        raise _Unusable(Problem(path=path, line=1, column=1, code="empty", message="the file is empty"))
    if len(text) > MAX_CHARACTERS:
        message = f"the file has {len(text):,} characters; {MAX_CHARACTERS:,} is the most"
        raise _Unusable(Problem(path=path, line=1, column=1, code="too-large", message=message))
    if stray := _STRAY.search(text):
        before = f"{text[: stray.start()]}|".splitlines()
        line, column = len(before), len(before[-1])
        message = f"control character U+{ord(stray.group()):04X} in the text"
        raise _Unusable(Problem(path=path, line=line, column=column, code="syntax", message=message))


def _check_events(text: str, path: str) -> None:
    """Bound what composing would build, before it is built."""
    anchored: list[bool] = []
    aliases = documents = 0
    for event in yaml.parse(text, Loader=_LOADER):
        documents += isinstance(event, yaml.DocumentStartEvent)
        aliases += isinstance(event, yaml.AliasEvent)
        if fault := _fault(event, documents, aliases, anchored):
            raise _Unusable(problem_at(path, event.start_mark, *fault))
        if isinstance(event, yaml.CollectionStartEvent):
            anchored.append(event.anchor is not None)
        elif isinstance(event, yaml.CollectionEndEvent):
            anchored.pop()


def _fault(event: yaml.Event, documents: int, aliases: int, anchored: list[bool]) -> tuple[str, str] | None:
    if documents > 1:
        return "syntax", "a second document begins here (---); one file holds one"
    if getattr(event, "tag", None) is not None:
        tag = str(getattr(event, "tag", "")).replace("tag:yaml.org,2002:", "!!")
        return "tag", f"the tag {quoted(tag)} is not allowed; write the plain value"
    if aliases > MAX_ALIASES:
        return "alias", f"more than {MAX_ALIASES} aliases (*name); write the text out"
    if isinstance(event, yaml.AliasEvent) and any(anchored):
        return "alias", "an alias inside an anchored part (&name) is not allowed; write the text out"
    if len(anchored) >= MAX_DEPTH:
        return "too-large", f"nested more than {MAX_DEPTH} deep"
    return None


def _root(node: Node | None, path: str) -> MappingNode:
    if node is None:
        raise _Unusable(Problem(path=path, line=1, column=1, code="empty", message="the file holds only comments"))
    if not isinstance(node, MappingNode):
        message, hint = "the file should hold keys and values", "begin with a line like   title: The fare that jumped"
        raise _Unusable(problem_at(path, node.start_mark, "wrong-type", message, hint))
    for count, mapping in enumerate(_nodes(node)):
        if count == MAX_NODES:
            message = f"more than {MAX_NODES:,} keys and values; those that aliases stand for count each time"
            raise _Unusable(problem_at(path, mapping.start_mark, "too-large", message))
        for key, _ in mapping.value if isinstance(mapping, MappingNode) else ():
            if not isinstance(key, ScalarNode):
                message, hint = "a key should be a word", "text that begins with { or [ needs quotes round it"
                raise _Unusable(problem_at(path, key.start_mark, "wrong-type", message, hint))
    return node


def _check_nodes(root: Node, path: str) -> Iterator[Problem]:
    for node in _nodes(root):
        if isinstance(node, MappingNode):
            yield from _duplicate_keys(node, path)
        elif isinstance(node, ScalarNode):
            yield from _doubtful_text(node, path)


def _doubtful_text(node: ScalarNode, path: str) -> Iterator[Problem]:
    if stray := _STRAY.search(node.value):  # written as an escape, \e
        message = f"control character U+{ord(stray.group()):04X} in the text"
        yield problem_at(path, node.start_mark, "syntax", message)
    if node.tag == _BOOLEAN and node.value.lower() not in ("true", "false"):
        message = f"{quoted(node.value)} without quotes is text here, but other YAML readers take it for a yes/no"
        hint = f"write {quoted(node.value)} with the quotes if the word is meant, else true or false"
        yield problem_at(path, node.start_mark, "not-text", message, hint).model_copy(update={"warning": True})


def _duplicate_keys(node: MappingNode, path: str) -> Iterator[Problem]:
    first: dict[str, Node] = {}
    for key, _ in node.value:
        if key.value in first:
            message = (
                f"key {quoted(key.value)} is given twice; the first is in line {first[key.value].start_mark.line + 1}"
            )
            yield problem_at(path, key.start_mark, "duplicate-key", message, "join the two, or rename one")
        first.setdefault(key.value, key)


def _nodes(root: Node) -> Iterator[Node]:
    """Every node once, keys included, in the order of the text."""
    yield root
    if isinstance(root, MappingNode):
        for key, value in root.value:
            yield from _nodes(key)
            yield from _nodes(value)
    elif isinstance(root, SequenceNode):
        for value in root.value:
            yield from _nodes(value)


def _syntax_problem(error: yaml.MarkedYAMLError, path: str) -> Problem:
    """The parser's complaint in plain words, at the place an author has to look."""
    said = error.problem or "this is not YAML"
    mark = error.problem_mark or error.context_mark
    if "end of stream" in said and "quoted" in (error.context or "") and error.context_mark:
        return problem_at(path, error.context_mark, "syntax", "the quotes that open here are never closed")
    return problem_at(path, mark, "syntax", *_syntax_words(error))


def _within(text: str, problem: Problem) -> Problem:
    """The same where the text ends, if a parser gave up only past its end: no editor can go there."""
    lines = text.rstrip().splitlines()
    if problem.line <= len(lines):
        return problem
    return problem.model_copy(update={"line": len(lines), "column": len(lines[-1]) + 1})


def _syntax_words(error: yaml.MarkedYAMLError) -> tuple[str, str | None]:
    said = f"{error.context or ''} {error.problem or ''}"
    return next(
        (words for sign, words in _SYNTAX.items() if sign in said),
        (f"YAML cannot be read here: {error.problem}", None),
    )
