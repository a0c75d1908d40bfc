import torch

from dlbasic.data.source_lines import load_lines
from dlbasic.history.bert import IGNORED, MASK, encode, is_special, mask_tokens, vocabulary

lines = load_lines()
known = vocabulary(lines, size=500)
tokens = encode(lines, known)
inputs, targets = mask_tokens(tokens, vocab=500, generator=torch.Generator().manual_seed(0))

chosen = targets != IGNORED
fates = {
    "hidden": chosen & (inputs == MASK),
    "another": chosen & (inputs != MASK) & (inputs != tokens),
    "as it was": chosen & (inputs == tokens),
}
for name, where in fates.items():
    row = where.any(dim=1).nonzero()[0, 0]
    line = " ".join(known[number] for number in tokens[row] if number)
    read = " ".join(known[number] for number in inputs[row] if number)
    asked = " ".join(known[number] for number in targets[row] if number != IGNORED)
    print(f"{name:10} the line   {line}\n{'':10} is read    {read}\n{'':10} asked for  {asked}\n")

words = (~is_special(tokens)).sum()
print(f"chosen {chosen.sum() / words:.3f} of {words:,} tokens; of these")
shares = {name: (where.sum() / chosen.sum()).item() for name, where in fates.items()}
print(", ".join(f"{name} {share:.3f}" for name, share in shares.items()))
assert abs(chosen.sum() / words - 0.15) < 0.005
assert abs(shares["hidden"] - 0.8) < 0.01
assert abs(shares["as it was"] - 0.1) < 0.01
