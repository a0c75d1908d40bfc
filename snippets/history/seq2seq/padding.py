import torch
from torch.nn.functional import pad

from dlbasic.data.phrases import START, date_lists, date_vocabularies
from dlbasic.history.seq2seq import EncoderDecoder, RNNSearch, log_likelihood

english, korean = date_vocabularies()
source, target = date_lists(3, dates=2, generator=torch.Generator().manual_seed(0))
print(" ".join(english.decode(source[0])), "=", " ".join(korean.decode(target[0])))
print("\nlog-likelihood of the list, in nats   alone    padded   another source")
for kind in (EncoderDecoder, RNNSearch):
    torch.manual_seed(0)
    model = kind(len(english), len(korean)).double()
    model.requires_grad_(requires_grad=False)

    def score(source, target, model=model):
        return log_likelihood(model(source, target[:, :-1]), target[:, 1:])

    alone = score(source, target)
    padded = score(pad(source, (0, 9)), pad(target, (0, 9)))
    other = score(source.roll(1, dims=0), target)
    print(f"{kind.__name__:32} {alone[0]:10.4f} {padded[0]:9.4f} {other[0]:12.4f}")
    assert (padded - alone).abs().max() < 1e-12
    assert (other - alone).abs().min() > 1e-6

model = RNNSearch(len(english), len(korean))
state, _ = model.step(model.encode(pad(source, (0, 9))), torch.full((3,), START))
assert (state[2][:, 7:] == 0).all()  # no weight at all on the padding
