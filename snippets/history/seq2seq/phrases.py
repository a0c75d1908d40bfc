import torch
from sacrebleu.metrics import BLEU, CHRF

from dlbasic.data.phrases import Pairs, Vocabulary, load_phrases, mask, split_phrases, words
from dlbasic.history.seq2seq import RNNSearch, beam_search, greedy, train

STEPS, BATCH = 250, 48
known, unseen = split_phrases(load_phrases(), test=150)
english = Vocabulary([words(phrase) for phrase, _ in known], min_count=2)
korean = Vocabulary([list(translation) for _, translation in known])  # a token is a syllable
source = english.encode([words(phrase) for phrase, _ in known])
target = korean.encode([list(translation) for _, translation in known], framed=True)


def batches(generator):
    while True:  # each of translations of about the same length
        order = (mask(target).sum(1) + 2 * torch.rand(len(target), generator=generator)).argsort()
        start = int(torch.randint(len(target) - BATCH, (), generator=generator))
        chosen = order[start : start + BATCH]
        yield Pairs(*(each[None, chosen][..., : mask(each[chosen]).sum(1).max()] for each in (source, target)))


torch.manual_seed(0)
model = RNNSearch(len(english), len(korean), dim=48, hidden=64)
list(train([model], batches(torch.Generator().manual_seed(0)), steps=STEPS, rate=0.01))

questions = english.encode([words(phrase) for phrase, _ in unseen])
bags = [(set(words(phrase)), translation) for phrase, translation in known]
outputs = {"nearest known phrase": [], "greedy": [], "beam of 4": []}
for phrase, _ in unseen:
    bag = set(words(phrase))
    nearest = max(bags, key=lambda other: len(bag & other[0]) / len(bag | other[0]))
    outputs["nearest known phrase"].append(nearest[1])
for question, row in zip(questions, greedy(model, questions, length=25), strict=True):
    best = beam_search(model, question[None, : mask(question).sum()], width=4, length=25)[0]
    outputs["greedy"].append("".join(korean.decode(row)))
    outputs["beam of 4"].append("".join(korean.decode(torch.tensor(best[1]))))
