"""Templates of what models are asked: files in a package's `prompts` folder, filled in with the words of the moment.

Apart because customer and assessment both ask models and know nothing of each other.
"""

from functools import cache
from importlib import resources
from string import Template


class Templates:
    """The templates of one package."""

    def __init__(self, package: str) -> None:
        """Templates in the folder `prompts` of `package`, each a file NAME.md, read when first used."""
        self._package = package

    def text(self, name: str) -> str:
        """A template as it was written."""
        return _read(self._package, name)

    def filled(self, name: str, **words: str) -> str:
        """A template with `$word` put in for each word, without line breaks at its end.

        Raises:
            KeyError: the template has a word that is not given.
        """
        return Template(self.text(name)).substitute(words).rstrip("\n")


@cache
def _read(package: str, name: str) -> str:
    return (resources.files(package) / "prompts" / f"{name}.md").read_text(encoding="utf-8")
