"""Trains the customer's adapter of the embedded model (LoRA on all layers) and writes it as GGUF.

    python -m training.fit_customer LINES.json --model MODEL.gguf --out customer.gguf [--epochs 3]

Needs torch, transformers and gguf (training/requirements.txt), and nothing of the application: LINES.json comes from
`python -m training.lines`. Only the customer's lines are learned, each given everything before it and what it is to
say. A tenth of the conversations is kept for the perplexity that is printed after each epoch.
"""

import argparse
import json
import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoModelForCausalLM

from training.lora import Adapted, adapt, write
from training.split import held_out

RANK = 16
RATE = 5e-4
BATCH = 1500
"""Tokens, padding included."""
SEED = 7
UNLEARNED = -100


@dataclass(frozen=True)
class Tree:
    """One conversation, laid out flat: the trunk, then every branch."""

    tokens: list[int]
    places: list[int]
    """The position of each token in its own prompt."""
    parents: list[int]
    """For a token of a branch, where its branch leaves the trunk; for the trunk, its own place."""
    branches: list[int]
    """Number of the branch a token belongs to; 0: the trunk."""
    targets: list[int]
    """The token that follows, where that is learned."""
    group: str


def laid_out(row: dict[str, Any]) -> Tree:
    """A conversation as `training.lines` wrote it."""
    trunk = row["trunk"]
    tree = Tree(
        list(trunk),
        list(range(len(trunk))),
        list(range(len(trunk))),
        [0] * len(trunk),
        [UNLEARNED] * len(trunk),
        row["group"],
    )
    for number, branch in enumerate(row["branches"], start=1):
        own = branch["asked"] + branch["line"]
        tree.tokens.extend(own)
        tree.places.extend(range(branch["at"], branch["at"] + len(own)))
        tree.parents.extend([branch["at"]] * len(own))
        tree.branches.extend([number] * len(own))
        tree.targets.extend([UNLEARNED] * (len(branch["asked"]) - 1) + branch["line"] + [UNLEARNED])
    return tree


def seen(tree: Tree) -> Tensor:
    """Which token sees which: (tokens, tokens)."""
    places, parents, branches = (torch.tensor(each) for each in (tree.places, tree.parents, tree.branches))
    earlier = places[None, :] <= places[:, None]
    same = branches[None, :] == branches[:, None]
    stem = (branches[None, :] == 0) & (places[None, :] < parents[:, None])
    return (same & earlier) | stem


class Voice:
    """The model with an adapter in every layer."""

    def __init__(self, path: Path) -> None:
        source = {"pretrained_model_name_or_path": path.parent, "gguf_file": path.name}
        loaded = AutoModelForCausalLM.from_pretrained(**source, dtype=torch.float32).to(torch.bfloat16)
        for parameter in loaded.parameters():
            parameter.requires_grad_(False)
        self.model, self.vocabulary = loaded.model, loaded.lm_head
        self.adapted: Adapted = adapt(self.model.layers, range(len(self.model.layers)), RANK)

    def errors(self, batch: Sequence[Tree]) -> Tensor:
        """Cross-entropy of every learned token, in nats."""
        longest = max(len(tree.tokens) for tree in batch)
        ids, places = (torch.zeros(len(batch), longest, dtype=torch.long) for _ in range(2))
        targets = torch.full((len(batch), longest), UNLEARNED)
        mask = torch.full((len(batch), 1, longest, longest), -math.inf, dtype=torch.bfloat16)
        for at, tree in enumerate(batch):
            size = len(tree.tokens)
            ids[at, :size], places[at, :size] = torch.tensor(tree.tokens), torch.tensor(tree.places)
            targets[at, :size] = torch.tensor(tree.targets)
            mask[at, 0, :size, :size].masked_fill_(seen(tree), 0.0)
            mask[at, 0, range(size, longest), range(size, longest)] = 0.0
        rows = self._states(ids, places, mask)
        learned = targets != UNLEARNED
        return nn.functional.cross_entropy(self.vocabulary(rows[learned]).float(), targets[learned], reduction="none")

    def _states(self, ids: Tensor, places: Tensor, mask: Tensor) -> Tensor:
        rows = self.model.embed_tokens(ids)
        turned = self.model.rotary_emb(rows, places)
        for layer in self.model.layers:
            rows = layer(rows, attention_mask=mask, position_ids=places, position_embeddings=turned)
        return self.model.norm(rows)


def batches(trees: Sequence[Tree]) -> list[list[Tree]]:
    """Neighbours together, as many as fit; one at least."""
    found: list[list[Tree]] = []
    for tree in trees:
        last = found[-1] if found else []
        if last and max(len(each.tokens) for each in [*last, tree]) * (len(last) + 1) <= BATCH:
            last.append(tree)
        else:
            found.append([tree])
    return found


@torch.no_grad()
def perplexity(voice: Voice, trees: Sequence[Tree]) -> float:
    """Of the customer's lines, by token."""
    voice.model.eval()
    errors = torch.cat([voice.errors(batch) for batch in batches(trees)])
    voice.model.train()
    return float(errors.mean().exp())


def train(voice: Voice, trees: Sequence[Tree], unseen: Sequence[Tree], options: argparse.Namespace) -> None:
    """Fit the adapter, and write it after each epoch."""
    draw = random.Random(SEED)
    parameters = [parameter for lora in voice.adapted.values() for parameter in (lora.down, lora.up)]
    optimizer = torch.optim.AdamW(parameters, lr=RATE, weight_decay=0.01)
    steps, step = options.epochs * len(batches(trees)), 0
    print(f"before: perplexity {perplexity(voice, unseen):.2f}", flush=True)
    for epoch in range(options.epochs):
        begun, total = time.monotonic(), []
        for batch in batches(draw.sample(list(trees), len(trees))):
            share = min(1.0, (step + 1) / 20) * 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps)))
            optimizer.param_groups[0]["lr"] = RATE * share
            errors = voice.errors(batch)
            optimizer.zero_grad()
            errors.mean().backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            total.append(errors.mean().item())
            step += 1
            if step % 50 == 0:
                print(f"  step {step} of {steps}: {sum(total[-50:]) / 50:.3f} nats", flush=True)
        print(
            f"epoch {epoch + 1}: {sum(total) / len(total):.3f} nats, {time.monotonic() - begun:.0f} s, "
            f"perplexity on unseen conversations {perplexity(voice, unseen):.2f}",
            flush=True,
        )
        write(voice.adapted, voice.model.config, options.out)


def main() -> None:
    """Read, train, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lines", type=Path)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=3)
    options = parser.parse_args()
    torch.manual_seed(SEED)
    trees = [laid_out(row) for row in json.loads(options.lines.read_text("utf-8"))]
    kept = [tree for tree in trees if held_out(tree.group)]
    learned = [tree for tree in trees if not held_out(tree.group)]
    print(f"{len(learned)} conversations, {len(kept)} kept back", flush=True)
    train(Voice(options.model), learned, kept, options)


if __name__ == "__main__":
    main()
