"""What PyTorch and transformers make of the same weights: the reference that the transformer's tests are held against.

python minilm.py <folder of the public weights> <minilm.difference> > minilm.json
(torch 2.4.0, transformers 4.44.2, safetensors; run once whenever the fine-tuned weights change)
"""
import json
import struct
import sys

import numpy as np
import torch
from safetensors.torch import load_file
from transformers import BertConfig, BertModel, BertTokenizerFast

TEXTS = [
    ("social ", "The export is broken again, and nobody answers."),
    ("survey What could we improve?", "Nothing."),
    ("ticket", "Could you add a dark mode, please? My eyes hurt at night."),
    ("nps Why did you give this score?", "Café ouvert à 8h: très bien, 10/10!"),
    ("social", "ok"),
]

folder, difference = sys.argv[1:]
public = load_file(f"{folder}/model.safetensors")
raw = open(difference, "rb").read()
assert raw[:4] == b"VBD1"
length = struct.unpack("<I", raw[4:8])[0]
facts, at = json.loads(raw[8 : 8 + length]), 8 + length
tuned = dict(public)
for tensor in facts["tensors"]:
    rows, columns = tensor["rows"], tensor["columns"]
    if tensor["difference"]:
        numbers = np.empty((rows, columns), dtype=np.float32)
        for row in range(rows):
            scale = struct.unpack("<f", raw[at : at + 4])[0]
            numbers[row] = scale * np.frombuffer(raw, np.int8, columns, at + 4).astype(np.float32)
            at += 4 + columns
        tuned[tensor["name"]] = public[tensor["name"]] + torch.from_numpy(numbers)
    else:
        numbers = np.frombuffer(raw, "<f4", rows * columns, at).copy().reshape(rows, columns)
        at += 4 * rows * columns
        value = torch.from_numpy(numbers)
        tuned[tensor["name"]] = value[0] if rows == 1 else value
assert at == len(raw)

config = BertConfig(
    hidden_size=384, intermediate_size=1536, num_attention_heads=12, num_hidden_layers=6, vocab_size=30522
)
tokenizer = BertTokenizerFast(f"{folder}/vocab.txt", do_lower_case=True)


def network(weights):
    model = BertModel(config, add_pooling_layer=False).eval()
    left_out = ("heads.", "pooler.", "embeddings.position_ids")
    own = {name: value for name, value in weights.items() if not name.startswith(left_out)}
    missing, unexpected = model.load_state_dict(own, strict=False)
    assert not unexpected and not missing, (missing, unexpected)
    return model


def hidden(model, ids):
    with torch.no_grad():
        return model(torch.tensor([ids]), attention_mask=torch.ones(1, len(ids), dtype=torch.long))[0][0]


base, fine = network(public), network(tuned)


def rounded(numbers):
    return [round(number, 6) for number in numbers.tolist()]


out = []
for context, text in TEXTS:
    first = tokenizer(context.strip(), add_special_tokens=False)["input_ids"]
    second = tokenizer(text, add_special_tokens=False)["input_ids"]
    ids = [101, *first, 102, *second, 102]
    start = len(first) + 2
    mean = hidden(base, ids)[start : start + len(second)].mean(0)
    pooled = hidden(fine, ids)[start : start + len(second)].mean(0)
    head = {
        name: rounded(tuned[f"heads.{name}.weight"] @ pooled + tuned[f"heads.{name}.bias"])
        for name in ["sentiment", "kind", "urgency"]
    }
    out.append({"context": context.strip(), "text": text, "ids": ids, "public": rounded(mean), **head})
rows = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in out]
print("[\n" + ",\n".join(rows) + "\n]")
