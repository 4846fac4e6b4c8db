"""Low-rank adapters (LoRA, Hu et al. 2021) of the embedded model: put on, and written as GGUF for llama.cpp.

Apart from what is trained with them: the rater's adapter and the customer's differ in everything but this.
"""

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch
from torch import Tensor, nn

SCALE = 2.0
"""What the addition is multiplied with: alpha over rank."""
DROPOUT = 0.05
"""Share of the inputs of an adapter that are not seen in a step; the same ones for a whole batch, which is fast."""
NAMES = {
    "q_proj": "attn_q",
    "k_proj": "attn_k",
    "v_proj": "attn_v",
    "o_proj": "attn_output",
    "gate_proj": "ffn_gate",
    "up_proj": "ffn_up",
    "down_proj": "ffn_down",
}
"""Linear parts of a layer, as transformers and as llama.cpp name them."""


class Lora(nn.Module):
    """A frozen linear layer and its low-rank addition."""

    def __init__(self, linear: nn.Linear, rank: int) -> None:
        super().__init__()
        self.frozen = linear.weight.data
        out, width = self.frozen.shape
        self.down = nn.Parameter(torch.randn(rank, width) / math.sqrt(width))
        self.up = nn.Parameter(torch.zeros(out, rank))

    def forward(self, rows: Tensor) -> Tensor:
        """The layer's output with the addition."""
        down = self.down * (torch.rand(rows.shape[-1]) >= DROPOUT) / (1 - DROPOUT) if self.training else self.down
        low = nn.functional.linear(rows, down.to(rows.dtype))
        return nn.functional.linear(rows, self.frozen) + nn.functional.linear(low, (self.up * SCALE).to(rows.dtype))


Adapted = dict[tuple[int, str], Lora]
"""Adapters by layer and by name of the linear part."""


def adapt(layers: nn.ModuleList, chosen: Iterable[int], rank: int) -> Adapted:
    """Put an adapter on every linear part of the chosen layers."""
    adapted: Adapted = {}
    for at in chosen:
        layer = layers[at]
        for name in NAMES:
            owner = layer.self_attn if hasattr(layer.self_attn, name) else layer.mlp
            adapted[at, name] = Lora(getattr(owner, name), rank)
            setattr(owner, name, adapted[at, name])
    return adapted


def read(adapted: Adapted, config: Any, path: Path) -> None:
    """Put in the weights of an adapter that was written before, to train it further."""
    tensors = {tensor.name: torch.tensor(np.array(tensor.data)).float() for tensor in gguf.GGUFReader(path).tensors}
    for (layer, name), lora in adapted.items():
        tensor = f"blk.{layer}.{NAMES[name]}.weight"
        up = tensors[f"{tensor}.lora_b"]
        lora.down.data = tensors[f"{tensor}.lora_a"]
        lora.up.data = _in_order(up, config, name) if name in ("q_proj", "k_proj") else up


def write(adapted: Adapted, config: Any, path: Path) -> None:
    """The adapters as llama.cpp loads them."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    rank = next(iter(adapted.values())).down.shape[0]
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, SCALE * rank)
    for (layer, name), lora in adapted.items():
        up = lora.up.detach()
        if name in ("q_proj", "k_proj"):
            up = _reordered(up, config, name)
        tensor = f"blk.{layer}.{NAMES[name]}.weight"
        writer.add_tensor(f"{tensor}.lora_a", lora.down.detach().numpy().astype(np.float16))
        writer.add_tensor(f"{tensor}.lora_b", up.numpy().astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _reordered(up: Tensor, config: Any, name: str) -> Tensor:
    """Rows in llama.cpp's order: it pairs neighbours where transformers pairs halves of a head."""
    heads = config.num_attention_heads if name == "q_proj" else config.num_key_value_heads
    return up.reshape(heads, 2, up.shape[0] // heads // 2, up.shape[1]).swapaxes(1, 2).reshape(up.shape).contiguous()


def _in_order(up: Tensor, config: Any, name: str) -> Tensor:
    """Rows back from llama.cpp's order."""
    heads = config.num_attention_heads if name == "q_proj" else config.num_key_value_heads
    return up.reshape(heads, up.shape[0] // heads // 2, 2, up.shape[1]).swapaxes(1, 2).reshape(up.shape).contiguous()
