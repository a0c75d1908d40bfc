import torch
from sacrebleu.metrics import BLEU, CHRF

from dlbasic.data.phrases import Pairs, Vocabulary, load_phrases, mask, split_phrases, words
from dlbasic.history.seq2seq import RNNSearch, beam_search, greedy, train

known, unseen = split_phrases(load_phrases(), test=150)
english = Vocabulary([words(phrase) for phrase, _ in known], min_count=2)
korean = Vocabulary([list(translation) for _, translation in known])  # a token is a syllable
source = english.encode([words(phrase) for phrase, _ in known])
target = korean.encode([list(translation) for _, translation in known], framed=True)


def batches(generator, size=48):
    while True:  # each of translations that are about as long
        order = (mask(target).sum(1) + 2 * torch.rand(len(target), generator=generator)).argsort()
        start = int(torch.randint(len(target) - size, (), generator=generator))
        chosen = [each[None, order[start : start + size]] for each in (source, target)]
        yield Pairs(*(each[..., : mask(each).sum(-1).max()] for each in chosen))


torch.manual_seed(0)
model = RNNSearch(len(english), len(korean), dim=48, hidden=64)
list(train([model], batches(torch.Generator().manual_seed(0)), steps=250, rate=0.01))

bags = [(set(words(phrase)), translation) for phrase, translation in known]
outputs = {"nearest known phrase": [], "greedy": [], "beam of 4": []}
for phrase, _ in unseen:
    bag, question = set(words(phrase)), english.encode([words(phrase)])
    nearest = max(bags, key=lambda other: len(bag & other[0]) / len(bag | other[0]))
    (row,) = greedy(model, question, length=25)
    _, best = beam_search(model, question, width=4, length=25)[0]
    outputs["nearest known phrase"].append(nearest[1])
    outputs["greedy"].append("".join(korean.decode(row)))
    outputs["beam of 4"].append("".join(korean.decode(torch.tensor(best))))

truth = [translation for _, translation in unseen]
print(f"{len(unseen)} unseen phrases     BLEU   chrF   exactly right")
exact, bleu = {}, {}
for name, texts in outputs.items():
    bleu[name] = BLEU(tokenize="char").corpus_score(texts, [truth]).score
    exact[name] = sum(map(str.__eq__, texts, truth)) / len(truth)
    chrf = CHRF().corpus_score(texts, [truth]).score
    print(f"{name:20} {bleu[name]:6.1f} {chrf:6.1f} {exact[name]:15.2f}")
print("\nthe first six of them, and what the model writes")
for (phrase, translation), text in zip(unseen[:6], outputs["greedy"], strict=False):
    print(f"{phrase} = {translation} | {text}")
assert bleu["greedy"] < bleu["nearest known phrase"]  # the honest result: it does not win here
assert exact["greedy"] > 0.03 > exact["nearest known phrase"]
