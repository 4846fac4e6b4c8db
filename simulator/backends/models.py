"""Which models are at work: the embedded listener and rater always, and whoever speaks."""

from pathlib import Path

from simulator.assessment.rater import EmbeddedRater
from simulator.backends import embedded
from simulator.backends.asking import LlamaAsker
from simulator.backends.engine import Engine
from simulator.backends.listener import EmbeddedListener
from simulator.backends.llama import Weights
from simulator.backends.speaker import LlamaSpeaker
from simulator.desk import Cast
from simulator.errors import ModelError
from simulator.events import ModelCard
from simulator.ports import Asker

EMBEDDED = embedded.FILE_NAME.removesuffix(".gguf")


class Models:
    """The models of one process and the thread that owns them."""

    def __init__(self, cast: Cast, notices: tuple[str, ...], engine: Engine, asker: Asker | None) -> None:
        self.cast = cast
        self.notices = notices
        self.asker = asker
        """The model that speaks, to be asked yes or no; None where none does. Believed only where it is qualified."""
        self._engine = engine

    def close(self) -> None:
        """Stop working; never waits."""
        self._engine.close()


def load(model: Path | None, way: str | None, memo: Path, adapter: Path | None = None) -> Models:
    """Load what is wanted.

    Args:
        model: A .gguf file that speaks; None: the embedded model.
        way: "guided" or "free"; None: guided for the embedded model, free for another.
        memo: Where it is remembered that the embedded file's digest was checked.
        adapter: A customer's adapter for the model that speaks. None ships (docs/decisions/009).

    Raises:
        ModelError: the file asked for cannot be loaded, or the embedded one is damaged.
    """
    engine = Engine()
    weights, notices = _embedded(memo)
    listener = EmbeddedListener(engine, weights, EMBEDDED) if weights else None
    speaking, name = (weights, EMBEDDED) if model is None else (Weights(model), model.stem)
    speaker = LlamaSpeaker(engine, speaking, name, adapter=adapter) if speaking else None
    free = way == "free" or (way is None and model is not None)
    if free and speaker is None:
        raise ModelError("Nothing can speak freely: the embedded model is missing and no --model is named.")
    card = ModelCard(
        speaker=speaker.name if speaker else "none",
        listener=listener.name if listener else "none",
        way="free" if free else "guided",
        digest=embedded.SHA256 if weights and model is None else None,
    )
    rater = EmbeddedRater(listener) if listener else None
    asker = LlamaAsker(engine, speaking, name) if speaking else None
    return Models(Cast(card=card, listener=listener, speaker=speaker, rater=rater), notices, engine, asker)


def _embedded(memo: Path) -> tuple[Weights | None, tuple[str, ...]]:
    """The embedded weights; without the package the rest still works, and the user is told what does not."""
    try:
        path = embedded.locate()
    except ModelError as error:
        return None, (f"{error} Until then lines are not chosen by what you say, and replies are not scored.",)
    embedded.verify(path, memo)
    return Weights(path), ()
