"""llama.cpp through its low-level API: weights, and contexts that hold several sequences.

Apart from listener and speaker, because this is the one module that touches ctypes. It keeps one evaluation recipe, so
that the same text always gives the same numbers on one machine and build: flash attention off, one key-value stream per
sequence, prompt chunks with boundaries counted from the start of the text (docs/decisions/001).
"""

import contextlib
import ctypes
import os
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.backends.engine import Flag
from simulator.errors import Cancelled, ModelError

# Has to be said before llama.cpp loads the OpenMP library. By default its threads spin for milliseconds at each of a
# thousand barriers a batch, and where another program wants the cores, batches take several times as long.
os.environ.setdefault("GOMP_SPINCOUNT", "20000")

import llama_cpp

CHUNK = 32
"""Prompt tokens evaluated at a time; also how finely a prompt can be cancelled."""

Logits = NDArray[np.float32]


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]
def _swallow_log(_level: int, _text: bytes, _data: ctypes.c_void_p) -> None:
    """llama.cpp would write to file descriptor 2, which a terminal interface draws on."""


# llama.cpp asks before every operation whether to stop. `strlen` of the flag's cell answers in C: a Python callback
# would have to take the interpreter's lock a thousand times a batch, against a screen that wants it too.
_ABORT = ctypes.cast(ctypes.CDLL("msvcrt" if os.name == "nt" else None).strlen, llama_cpp.ggml_abort_callback)


def cores() -> int:
    """Cores this process may use, at most 8."""
    found = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(8, found)


def threads() -> int:
    """Threads worth using now: the cores that nobody else is running on, at least one.

    llama.cpp's threads wait for each other a thousand times a batch. On a core that is shared each wait can last until
    the other program's time is up, so that two threads take ten times as long as one. The count changes no result.
    """
    return max(1, cores() - min(_others_running() for _ in range(3)))


def _others_running() -> int:
    """Programs on a core at this moment beside this thread; 0 where the system does not tell."""
    try:
        return int(Path("/proc/loadavg").read_text().split()[3].split("/")[0]) - 1
    except OSError:
        return 0


def _dies_of_matrix_tiles() -> bool:
    """True for a llama.cpp that was compiled for Intel's matrix tiles (AMX).

    It sets them up wrongly and is killed at its first evaluation (github.com/ggml-org/llama.cpp, issue 20824 and pull
    request 26954, open in 2026-11). They come with the "extra buffers", so it has to do without those.
    """
    return b"AMX_INT8 = 1" in llama_cpp.llama_print_system_info()


class Weights:
    """One model file in memory; contexts share it."""

    def __init__(self, path: Path) -> None:
        """Load the file.

        Raises:
            ModelError: it does not exist or llama.cpp cannot load it.
        """
        if not path.is_file():
            raise ModelError(f"There is no model file at {path}.")
        llama_cpp.llama_log_set(_swallow_log, ctypes.c_void_p(0))
        llama_cpp.llama_backend_init()
        parameters = llama_cpp.llama_model_default_params()
        parameters.use_extra_bufts = not _dies_of_matrix_tiles()
        self.model: Any = llama_cpp.llama_model_load_from_file(str(path).encode(), parameters)
        if not self.model:
            raise ModelError(f"{path} is not a model that llama.cpp can load; choose a .gguf file with --model.")
        self.path = path
        self.vocab: Any = llama_cpp.llama_model_get_vocab(self.model)
        self.vocabulary_size: int = llama_cpp.llama_vocab_n_tokens(self.vocab)
        self.width: int = llama_cpp.llama_model_n_embd(self.model)

    def tokens(self, text: str) -> list[int]:
        """The tokens of a text. Chat-template markers typed as text stay text."""
        data = text.encode("utf-8", errors="replace")
        room = len(data) + 8
        buffer = (llama_cpp.llama_token * room)()
        count = llama_cpp.llama_tokenize(self.vocab, data, len(data), buffer, room, False, False)
        if count < 0:
            raise ModelError("The model could not split a text into tokens.")
        return list(buffer[:count])

    def piece(self, token: int) -> bytes:
        """The bytes of one token; special tokens give none."""
        buffer = ctypes.create_string_buffer(128)
        count = llama_cpp.llama_token_to_piece(self.vocab, token, buffer, 128, 0, False)
        return buffer.raw[: max(0, count)]

    def ends(self, token: int) -> bool:
        """True for a token that ends generation."""
        return bool(llama_cpp.llama_vocab_is_eog(self.vocab, token))


class Adapter:
    """A LoRA adapter for one model. Contexts share it."""

    def __init__(self, weights: Weights, path: Path) -> None:
        """Load the file.

        Raises:
            ModelError: it is missing, or made for another model.
        """
        self.handle: Any = llama_cpp.llama_adapter_lora_init(weights.model, str(path).encode()) if path.is_file() else 0
        if not self.handle:
            raise ModelError(f"The adapter {path} is missing or does not fit {weights.path.name}; reinstall simulator.")


class Context:
    """Sequences of one model, each with a stream of its own; sequence 0 holds the shared prompt."""

    def __init__(self, weights: Weights, length: int, sequences: int = 1, adapter: Adapter | None = None) -> None:
        """Make room for `sequences` texts of up to `length` tokens.

        Args:
            weights: The model.
            length: Tokens.
            sequences: Texts side by side.
            adapter: Laid over the model.

        Raises:
            ModelError: there is not enough memory, or the adapter cannot be used.
        """
        self.weights = weights
        self.length = length
        self._flag = Flag()
        self._context: Any = llama_cpp.llama_init_from_model(weights.model, self._parameters(length, sequences))
        if not self._context:
            raise ModelError(f"There is not enough memory for a context of {length} tokens.")
        self._memory: Any = llama_cpp.llama_get_memory(self._context)
        self._prompt: list[int] = []
        if adapter is not None:
            self._lay_over(adapter)

    def _parameters(self, length: int, sequences: int) -> Any:
        parameters = llama_cpp.llama_context_default_params()
        parameters.n_ctx = length * sequences
        parameters.n_seq_max = sequences
        parameters.n_batch = parameters.n_ubatch = 512
        parameters.kv_unified = False
        parameters.flash_attn_type = 0
        return parameters

    def _lay_over(self, adapter: Adapter) -> None:
        handles = (llama_cpp.llama_adapter_lora_p_ctypes * 1)(adapter.handle)
        if llama_cpp.llama_set_adapters_lora(self._context, handles, 1, (ctypes.c_float * 1)(1.0)) != 0:
            raise ModelError("llama.cpp could not use the adapter.")

    @contextlib.contextmanager
    def watching(self, flag: Flag) -> Iterator[None]:
        """Evaluate inside the block on the cores that are free now, and abort as soon as `flag` is set."""
        llama_cpp.llama_set_n_threads(self._context, *[threads()] * 2)
        self._watch(flag)
        try:
            yield
        finally:
            self._watch(Flag())

    def _watch(self, flag: Flag) -> None:
        self._flag = flag
        llama_cpp.llama_set_abort_callback(self._context, _ABORT, ctypes.cast(flag.cell, ctypes.c_void_p))

    def read(self, prompt: Sequence[int]) -> Logits:
        """Evaluate a prompt in sequence 0, reusing what it shares with the last one; the logits after its last token.

        Raises:
            Cancelled: the watched flag was set.
            ModelError: the prompt is empty or longer than the context.
        """
        if not prompt or len(prompt) >= self.length:
            raise ModelError(f"A prompt of {len(prompt)} tokens does not fit a context of {self.length}.")
        start = self._keep(prompt)
        for begin, end in chunks(start, len(prompt)):
            self._decode([(prompt[at], at, 0, at == len(prompt) - 1) for at in range(begin, end)])
            self._prompt = list(prompt[:end])
        last: Logits = self.logits(1)[-1]
        return last

    def _keep(self, prompt: Sequence[int]) -> int:
        """Forget what the new prompt does not share; where evaluation goes on, always a chunk boundary."""
        shared = 0
        limit = min(_whole_chunks(len(self._prompt)), len(prompt))
        while shared < limit and self._prompt[shared] == prompt[shared]:
            shared += 1
        # The last chunk is read again even if shared: its logits are wanted and its extent depends on the length.
        start = min(shared, len(prompt) - 2) // CHUNK * CHUNK if len(prompt) > 1 else 0
        self.forget(0, start)
        self._prompt = self._prompt[:start]
        return start

    def branch(self, sequence: int) -> None:
        """Let another sequence go on from the prompt."""
        llama_cpp.llama_memory_seq_rm(self._memory, sequence, -1, -1)
        llama_cpp.llama_memory_seq_cp(self._memory, 0, sequence, -1, -1)

    def forget(self, sequence: int, start: int = 0) -> None:
        """Drop a sequence from position `start` on."""
        llama_cpp.llama_memory_seq_rm(self._memory, sequence, start, -1)

    def extend(self, rows: Sequence[tuple[int, int, int]]) -> Logits:
        """Evaluate (token, position, sequence) rows in one batch; the logits after each, in order."""
        self._decode([(*row, True) for row in rows])
        return self.logits(len(rows))

    def logits(self, rows: int) -> Logits:
        """The logits of the last batch: (rows, vocabulary)."""
        pointer = llama_cpp.llama_get_logits(self._context)
        return _copied(pointer, rows, self.weights.vocabulary_size)

    def sample(self, sampler: Any, row: int) -> int:
        """Draw a token from the logits of one row of the last batch."""
        return int(llama_cpp.llama_sampler_sample(sampler, self._context, row))

    def _decode(self, rows: Sequence[tuple[int, int, int, bool]]) -> None:
        batch = llama_cpp.llama_batch_init(len(rows), 0, 1)
        batch.n_tokens = len(rows)
        for at, (token, position, sequence, wanted) in enumerate(rows):
            batch.token[at], batch.pos[at], batch.logits[at] = token, position, wanted
            batch.n_seq_id[at] = 1
            batch.seq_id[at][0] = sequence
        status = llama_cpp.llama_decode(self._context, batch)
        llama_cpp.llama_batch_free(batch)
        if status != 0:
            self._fail(status)

    def _fail(self, status: int) -> None:
        """What was evaluated of the prompt stays; whatever went beyond it is forgotten."""
        self.forget(0, len(self._prompt))
        if self._flag.is_set:
            raise Cancelled("The model job was withdrawn.")
        raise ModelError(f"llama.cpp could not evaluate the text (status {status}).")


def _copied(pointer: Any, rows: int, columns: int) -> NDArray[np.float32]:
    """llama.cpp's buffer as an array of our own: the next batch overwrites the buffer."""
    return np.array(np.ctypeslib.as_array(pointer, shape=(rows, columns)), dtype=np.float32)


def _whole_chunks(length: int) -> int:
    """How much of an evaluated prompt lies in chunks that a longer prompt would have cut at the same places."""
    return max((end for begin, end in chunks(0, length) if end - begin == CHUNK), default=0)


def chunks(start: int, end: int) -> list[tuple[int, int]]:
    """Cut [start, end) at multiples of CHUNK; a single token at the end joins the chunk before it."""
    cuts = list(range(start, end, CHUNK))
    if len(cuts) > 1 and end - cuts[-1] == 1:
        cuts.pop()
    return list(pairwise([*cuts, end]))
