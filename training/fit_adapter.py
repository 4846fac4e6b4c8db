"""Trains the adapter of the embedded rater (LoRA on layers 11 to 22) and writes it as GGUF.

    python -m training.fit_adapter TEXTS.json --model MODEL.gguf --out rater.gguf

Needs torch, transformers and gguf (training/requirements.txt), and nothing of the application: TEXTS.json comes from
`python -m training.texts`. The targets are the levels (squared error), whether a dimension is null, and which signals
each sentence shows (cross-entropy). The small heads trained here are thrown away: those that ship are fitted by
`fit_rater` and `fit_signals` on what llama.cpp gives for the written adapter.

The lower ten layers stay as they are, so that they are evaluated once; a fifth of the contexts, of gold, minimal pairs
and practice calls, is never trained on. In each epoch a part of the replies is read again, for the same levels: some
with words added that serve no customer (training/attacks.json; their sentences are marked as hollow), some in lower
case, without marks, or mistyped.
"""

import argparse
import json
import math
import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from transformers import AutoModelForCausalLM, AutoTokenizer

from training.dress import dressed
from training.lora import Adapted, adapt, read, write
from training.split import TEST, folds

LOW, HIGH = 10, 22
"""Layers that are adapted: LOW <= layer < HIGH. The states after the last of them are the features."""
RANK = 8
WIDTH = 576
RATE, HEAD_RATE = 8e-4, 1e-3
BATCH = 2400
"""Tokens, padding included."""
EARS = 4
"""Of each dimension, as in the heads that ship."""
WEIGHTS = {"gold": 1.0, "pair": 0.7, "composed": 0.5, "play": 1.0, "sincere": 0.0, "bare": 0.0, "dialogue": 0.25}
"""Of a reply's levels, by where it comes from."""
DRAWN = {"gold": 0.5, "composed": 0.3, "sincere": 0.4, "bare": 0.6}
"""Share of what is of a kind that is read in an epoch, of pairs both halves; of the others, all."""
BOUNDED = ("sincere", "bare")
"""Kinds of which it is known only how far the level steps down at least, where it does."""
RATED = ("gold", "pair", "play", "dialogue")
"""Kinds of which it is known whether a dimension is null."""
NULL_WEIGHT, SIGNAL_WEIGHT, TWIN_WEIGHT = 0.3, 1.0, 0.8
ATTACKED, RETYPED = 0.25, 0.3
"""Shares of replies that are attacked, and typed in another way, in an epoch."""
SEED = 7
SCALE = 8.0
HALF = 0.5
"""Of a level: what counts as a step."""
ATTACKS = Path(__file__).with_name("attacks.json")


@dataclass
class Text:
    """One reply as the model reads it, with its targets."""

    before: list[int]
    reply: list[int]
    levels: list[float]
    group: str
    kind: str
    text: str
    sentences: list[dict[str, Any]] | None
    steps: list[float] | None = None
    """How far each level steps from the other half of a pair to this one, where only that is known."""
    twin: "Text | None" = None
    """The other half of a minimal pair: it is in every batch that this one is in."""
    states: Tensor = field(default_factory=lambda: torch.empty(0))
    """What the lower layers make of it: (tokens, WIDTH)."""

    @property
    def tokens(self) -> list[int]:
        """Everything that is read."""
        return self.before + self.reply


class Ears(nn.Module):
    """Levels as they are read in play: each dimension weighs the tokens with ears of its own (training/ears.py)."""

    def __init__(self) -> None:
        super().__init__()
        self.turn = nn.Parameter(torch.randn(3 * EARS, WIDTH) * 0.02)
        self.weight = nn.Parameter(torch.zeros(3 * EARS, WIDTH))
        self.bias = nn.Parameter(torch.full((3,), 2.6))

    def forward(self, states: Tensor) -> Tensor:
        """The three levels of one reply, from its states (tokens, WIDTH)."""
        heard = (states @ self.turn.T).softmax(0) * (states @ self.weight.T)
        return heard.sum(0).reshape(3, EARS).sum(1) + self.bias


class Heads(nn.Module):
    """What the states are trained to tell; the last signal is hollowness."""

    def __init__(self, signals: int) -> None:
        super().__init__()
        self.ears = Ears()
        self.null = nn.Linear(3 * WIDTH, 3)
        self.signals = nn.Linear(2 * WIDTH, signals)
        for layer in (self.null, self.signals):
            nn.init.zeros_(layer.weight)
        with torch.no_grad():
            self.null.bias.fill_(-2.0)
            self.signals.bias.fill_(-3.0)

    def levels(self, read: Sequence[Tensor]) -> Tensor:
        """(replies, 3), from the states of each reply's tokens."""
        return torch.stack([self.ears(states) for states in read])


class Reader:
    """The model, with adapters in its upper layers."""

    def __init__(self, path: Path) -> None:
        source = {"pretrained_model_name_or_path": path.parent, "gguf_file": path.name, "attn_implementation": "eager"}
        self.tokenizer = AutoTokenizer.from_pretrained(**source)
        self.model = AutoModelForCausalLM.from_pretrained(**source, dtype=torch.float32).model.to(torch.bfloat16)
        for parameter in self.model.parameters():
            parameter.requires_grad_(False)
        self.adapted: Adapted = {}

    def adapt(self) -> None:
        """Put an adapter on every linear part of the upper layers."""
        self.adapted = adapt(self.model.layers, range(LOW, HIGH), RANK)

    def run(self, rows: Tensor, low: int, high: int) -> Tensor:
        """States after layer `high`, given those before layer `low`: (texts, tokens, WIDTH)."""
        count = rows.shape[1]
        place = torch.arange(count)[None]
        turned = self.model.rotary_emb(rows, place)
        mask = torch.full((count, count), -math.inf, dtype=rows.dtype).triu(1)[None, None]
        for layer in self.model.layers[low:high]:
            rows = layer(rows, attention_mask=mask, position_ids=place, position_embeddings=turned)
        return rows

    @torch.no_grad()
    def lower(self, texts: Sequence[Text]) -> None:
        """Evaluate the lower layers once."""
        for batch in batches(sorted(texts, key=lambda text: len(text.tokens))):
            longest = max(len(text.tokens) for text in batch)
            ids = torch.zeros(len(batch), longest, dtype=torch.long)
            for at, text in enumerate(batch):
                ids[at, : len(text.tokens)] = torch.tensor(text.tokens)
            rows = self.run(self.model.embed_tokens(ids), 0, LOW)
            for at, text in enumerate(batch):
                text.states = rows[at, : len(text.tokens)].clone()

    def upper(self, batch: Sequence[Text]) -> list[Tensor]:
        """States of each text's reply tokens, scaled."""
        rows = torch.zeros(len(batch), max(len(text.states) for text in batch), WIDTH, dtype=torch.bfloat16)
        for at, text in enumerate(batch):
            rows[at, : len(text.states)] = text.states
        read = self.run(rows, LOW, HIGH).float() / SCALE
        return [read[at, len(text.before) : len(text.tokens)] for at, text in enumerate(batch)]


def batches(texts: Sequence[Text]) -> Iterator[list[Text]]:
    """Neighbours together, as many as fit."""
    batch: list[Text] = []
    for text in texts:
        if batch and max(len(each.tokens) for each in [*batch, text]) * (len(batch) + 1) > BATCH:
            yield batch
            batch = []
        batch.append(text)
    if batch:
        yield batch


def shuffled(texts: Sequence[Text], random_: random.Random) -> list[list[Text]]:
    """Batches of texts of like length, in random order; what a program put together is drawn from."""
    led = {id(text.twin) for text in texts}
    free = [text for text in texts if id(text) not in led and random_.random() < DRAWN.get(text.kind, 1.0)]
    order = random_.sample(free, len(free))
    runs = [sorted(order[at : at + 200], key=lambda text: len(text.tokens)) for at in range(0, len(order), 200)]
    found = [batch for run in runs for batch in batches(run)]
    random_.shuffle(found)
    return [[*batch, *(text.twin for text in batch if text.twin)] for batch in found]


def pooled(states: Tensor) -> Tensor:
    """Mean, maximum and last of the tokens."""
    return torch.cat([states.mean(0), states.max(0).values, states[-1]])


def loss(heads: Heads, batch: Sequence[Text], read: Sequence[Tensor]) -> Tensor:
    """Squared error of levels, and cross-entropy of nulls and of the signals of sentences."""
    rows = torch.stack([pooled(states) for states in read])
    wanted = torch.tensor([text.levels for text in batch])
    weight = torch.tensor([WEIGHTS[text.kind] for text in batch])[:, None].expand(-1, 3)
    given = ~torch.isnan(wanted)
    found = heads.levels(read)
    error = (found - torch.nan_to_num(wanted)) ** 2
    total = (error * weight)[given].sum() / max(1, int(given.sum()))
    rated = torch.tensor([text.kind in RATED for text in batch])
    nulls = nn.functional.binary_cross_entropy_with_logits(
        heads.null(rows)[rated], (~given[rated]).float(), weight=weight[rated]
    )
    nulls = nulls if rated.any() else torch.zeros(())
    total = total + NULL_WEIGHT * nulls + TWIN_WEIGHT * _contrast(found, wanted, batch)
    spans = [
        (states[one["first"] : one["last"]], one["shows"])
        for text, states in zip(batch, read, strict=True)
        for one in text.sentences or ()
    ]
    if spans:
        seen = torch.stack([torch.cat([span.mean(0), span.max(0).values]) for span, _ in spans])
        shows = torch.tensor([labels for _, labels in spans])
        known = ~torch.isnan(shows)
        signals = nn.functional.binary_cross_entropy_with_logits(heads.signals(seen)[known], shows[known])
        total = total + SIGNAL_WEIGHT * signals
    return total


def _contrast(found: Tensor, wanted: Tensor, batch: Sequence[Text]) -> Tensor:
    """Squared error of the step from one half of a pair to the other; none where it goes beyond its bound."""
    place = {id(text): at for at, text in enumerate(batch)}
    both = [(at, place[id(text.twin)]) for at, text in enumerate(batch) if text.twin]
    if not both:
        return torch.zeros(())
    one, other = map(list, zip(*both, strict=True))
    goal = wanted[other] - wanted[one]
    given = torch.tensor([batch[at].steps or [math.nan] * 3 for at in other])
    error = (found[other] - found[one]) - torch.where(torch.isnan(given), goal, given)
    bounded = torch.tensor([batch[at].kind in BOUNDED for at in other])[:, None] & (given < 0)
    error = torch.where(bounded, error.clamp(min=0), error)
    known = ~torch.isnan(error)
    return (error[known] ** 2).mean() if known.any() else torch.zeros(())


class Variants:
    """Replies read a second time for the same levels."""

    def __init__(self, reader: Reader, attacks: dict[str, list[str]], signals: int) -> None:
        self._reader = reader
        self._attacks = attacks
        self._signals = signals
        self._random = random.Random(SEED)

    def beside(self, texts: Sequence[Text]) -> list[Text]:
        """The texts and some of them in other dress, with the lower layers evaluated.

        A reply of gold and the same with an attack are halves of a pair: no level may step.
        """
        kept, found = list(texts), []
        for at, text in enumerate(texts):
            if text.kind not in ("gold", "pair") or len(text.reply) < 4:
                continue
            # A token apology is worth more than coldness, so that words added to a cold reply may change its level.
            if self._random.random() < ATTACKED and text.levels[0] >= 2:
                found.append(self._attacked(text))
                if text.kind == "gold":
                    kept[at] = replace(text, twin=found[-1])
            if self._random.random() < RETYPED:
                found.append(self._retyped(text))
        self._reader.lower(found)
        return [*kept, *found]

    def _attacked(self, text: Text) -> Text:
        kind = self._random.choice([*self._attacks, "fillers"])
        words = self._random.sample(self._attacks[kind], self._random.randint(1, 3 if kind == "fillers" else 2))
        pieces = [self._tokens(piece) for words_ in words for piece in re.split(r"(?<=[.!?\n])\s+", words_) if piece]
        extra = [token for piece in pieces for token in piece]
        leads = self._random.random() < 0.3
        hollow, at = [], 0 if leads else len(text.reply)
        for piece in pieces:
            shows = [0.0] * (self._signals - 1) + [1.0]
            hollow.append({"first": at, "last": at + len(piece), "shows": shows})
            at += len(piece)
        shift = len(extra) if leads else 0
        kept = [{**one, "first": one["first"] + shift, "last": one["last"] + shift} for one in text.sentences or ()]
        reply = extra + text.reply if leads else text.reply + extra
        return replace(text, reply=reply, sentences=[*kept, *hollow], twin=None)

    def _retyped(self, text: Text) -> Text:
        if not text.sentences:
            return replace(text, reply=self._tokens(dressed(text.text, self._random)), twin=None)
        reply: list[int] = []
        kept = []
        for one in text.sentences:
            piece = self._tokens(dressed(one["text"], self._random))
            if piece:
                kept.append({**one, "first": len(reply), "last": len(reply) + len(piece)})
            reply += piece
        return replace(text, reply=reply, sentences=kept, twin=None)

    def _tokens(self, words: str) -> list[int]:
        ids: list[int] = self._reader.tokenizer(" " + words, add_special_tokens=False)["input_ids"]
        return ids


def train(reader: Reader, heads: Heads, texts: Sequence[Text], options: argparse.Namespace) -> None:
    """Fit adapter and heads."""
    random_ = random.Random(SEED)
    variants = Variants(reader, json.loads(ATTACKS.read_text("utf-8")), heads.signals.out_features)
    adapters = [parameter for lora in reader.adapted.values() for parameter in (lora.down, lora.up)]
    groups = [
        {"params": adapters, "lr": RATE, "weight_decay": 0.01},
        {"params": list(heads.parameters()), "lr": HEAD_RATE, "weight_decay": 0.1},
    ]
    optimizer = torch.optim.AdamW(groups)
    steps, step = options.epochs * len(shuffled(variants.beside(texts), random_)), 0
    for epoch in range(options.epochs):
        begun, total = time.monotonic(), []
        reader.model.train()
        for batch in shuffled(variants.beside(texts), random_):
            share = min(1.0, (step + 1) / 30) * 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps)))
            optimizer.param_groups[0]["lr"], optimizer.param_groups[1]["lr"] = RATE * share, HEAD_RATE * share
            error = loss(heads, batch, reader.upper(batch))
            optimizer.zero_grad()
            error.backward()
            nn.utils.clip_grad_norm_([*adapters, *heads.parameters()], 1.0)
            optimizer.step()
            total.append(error.item())
            step += 1
            if step % 25 == 0:
                print(f"  step {step} of {steps}: loss {np.mean(total[-25:]):.3f}", flush=True)
        print(f"epoch {epoch + 1}: loss {np.mean(total):.3f}, {time.monotonic() - begun:.0f} s", flush=True)
        report(reader, heads, options.held_out)
        write(reader.adapted, reader.model.config, options.out)


@torch.no_grad()
def report(reader: Reader, heads: Heads, texts: Sequence[Text]) -> None:
    """On contexts that were held out: correlation of levels of gold, and what single clauses do to levels."""
    reader.model.eval()
    ordered = sorted(texts, key=lambda text: len(text.tokens))
    found = torch.cat([heads.levels(reader.upper(batch)) for batch in batches(ordered)])
    wanted = torch.tensor([text.levels for text in ordered])
    rated = torch.tensor([text.kind == "gold" for text in ordered])
    cells = []
    for column in range(3):
        given = ~torch.isnan(wanted[:, column]) & rated
        pair = torch.stack([found[given, column], wanted[given, column]])
        cells.append(f"{torch.corrcoef(pair)[0, 1]:.3f}")
    place = {id(text): at for at, text in enumerate(ordered)}
    both = [(at, place[id(text.twin)]) for at, text in enumerate(ordered) if text.twin]
    one, other = map(list, zip(*both, strict=True))
    step, goal = found[other] - found[one], wanted[other] - wanted[one]
    moved, still = goal.nan_to_num() != 0, goal == 0
    right = (step * goal.sign() > HALF)[moved].float().mean()
    quiet = (step.abs() < HALF)[still].float().mean()
    print(
        f"  held out, correlation: {' '.join(cells)}; of pairs {right:.3f} of levels move, {quiet:.3f} stay", flush=True
    )


def _text(row: dict[str, Any]) -> Text:
    return Text(
        row["before"],
        row["reply"],
        _numbers(row["levels"]),
        row["group"],
        row["kind"],
        row["text"],
        row["sentences"] and [{**one, "shows": _numbers(one["shows"])} for one in row["sentences"]],
        _numbers(row["steps"]) if "steps" in row else None,
    )


def _numbers(given: Sequence[float | None]) -> list[float]:
    return [math.nan if each is None else float(each) for each in given]


def _join(texts: list[Text]) -> None:
    """Give the first half of each pair its second, which then comes along with it and not by itself."""
    halves = [text for text in texts if text.kind not in ("gold", "play", "dialogue")]
    for one, other in zip(halves[::2], halves[1::2], strict=True):
        one.twin = other


def main() -> None:
    """Read, train, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="an adapter to go on from")
    parser.add_argument("--epochs", type=int, default=6)
    options = parser.parse_args()
    torch.manual_seed(SEED)
    raw = json.loads(options.texts.read_text("utf-8"))
    texts = [_text(row) for row in raw["rows"] if row["reply"]]
    _join(texts)
    rated = [text for text in texts if text.kind in ("gold", "pair", "play")]
    fold = folds([text.group for text in rated])
    options.held_out = [text for text, number in zip(rated, fold, strict=True) if number == TEST]
    kept = {id(text) for text in options.held_out}
    reader, heads = Reader(options.model), Heads(len(raw["signals"]) + 1)
    begun = time.monotonic()
    reader.lower(texts)
    reader.adapt()
    if options.start:
        read(reader.adapted, reader.model.config, options.start)
    print(f"{len(texts)} replies, {len(kept)} held out; lower layers {time.monotonic() - begun:.0f} s", flush=True)
    train(reader, heads, [text for text in texts if id(text) not in kept], options)


if __name__ == "__main__":
    main()
