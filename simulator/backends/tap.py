"""Hidden states from the middle of a model, with an adapter laid over it: what the rater's features are made of.

Apart from `llama` because it reaches below llama.cpp, into the tensors of ggml, for what the ordinary interface does
not give: middle layers tell more about a reply than the last one, which is bent towards the next word
(docs/decisions/004), and evaluation can stop there.
"""

import ctypes
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
from numpy.typing import NDArray

from simulator.backends.llama import Adapter, Context, Weights, chunks
from simulator.errors import ModelError

States = NDArray[np.float32]

_LIBRARIES = {"darwin": "libggml-base.dylib", "win32": "ggml-base.dll"}


def _ggml() -> ctypes.CDLL:
    folder = Path(llama_cpp.__file__).parent / "lib"
    library = ctypes.CDLL(str(folder / _LIBRARIES.get(sys.platform, "libggml-base.so")))
    library.ggml_get_name.restype = ctypes.c_char_p
    library.ggml_get_name.argtypes = [ctypes.c_void_p]
    library.ggml_nelements.restype = ctypes.c_int64
    library.ggml_nelements.argtypes = [ctypes.c_void_p]
    library.ggml_backend_tensor_get.restype = None
    library.ggml_backend_tensor_get.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_size_t]
    return library


class TappedContext(Context):
    """One text at a time, evaluated up to a layer in the middle; the states of that layer are the result."""

    def __init__(self, weights: Weights, length: int, layer: int, adapter: Adapter | None = None) -> None:
        """Make room for a text of up to `length` tokens.

        Args:
            weights: The model.
            length: Tokens.
            layer: How many layers to evaluate, at least 1.
            adapter: Laid over the model.

        Raises:
            ModelError: there is not enough memory, or the adapter cannot be used.
        """
        self._ggml = _ggml()
        self._wanted = f"l_out-{layer - 1}".encode()
        self._seen: list[States] = []
        self._rows: States = np.empty((0, weights.width), dtype=np.float32)
        # Kept as long as the context: llama.cpp holds only its address.
        self._callback = llama_cpp.ggml_backend_sched_eval_callback(self._look)
        super().__init__(weights, length, adapter=adapter)

    def _parameters(self, length: int, sequences: int) -> Any:
        parameters = super()._parameters(length, sequences)
        parameters.cb_eval = self._callback
        return parameters

    def states(self, tokens: Sequence[int]) -> States:
        """The layer's states of a text, (tokens, width); what it shares with the last text is not read again.

        Raises:
            Cancelled: the watched flag was set; what was read by then is kept for the next time.
            ModelError: the text is longer than the context.
        """
        if len(tokens) >= self.length:
            raise ModelError(f"A text of {len(tokens)} tokens does not fit a context of {self.length}.")
        start = self._keep(tokens)
        self._rows = self._rows[:start]
        for begin, end in chunks(start, len(tokens)):
            self._seen.clear()
            self._decode([(tokens[at], at, 0, False) for at in range(begin, end)])
            self._prompt = list(tokens[:end])
            self._rows = np.concatenate([self._rows, *self._seen])
        return self._rows

    def _look(self, tensor: int, ask: bool, _data: object) -> bool:
        """Asked for every tensor whether it is wanted, then shown it; False then ends the evaluation."""
        if ask:
            return bool(self._ggml.ggml_get_name(tensor) == self._wanted)
        rows = np.empty((self._ggml.ggml_nelements(tensor) // self.weights.width, self.weights.width), dtype=np.float32)
        self._ggml.ggml_backend_tensor_get(tensor, rows.ctypes.data, 0, rows.nbytes)
        self._seen.append(rows)
        return False
