from dlbasic.foundations.reading_papers import parse, problems

reading = parse("""
year: 2017
paper:
  title: Attention Is All You Need
  authors: Ashish Vaswani and others
  venue: NIPS 2017
  link: https://arxiv.org/abs/1706.03762
points:
  data: an English sentence in, its German or French translation out
  model: attention
  los: cross-entropy with smoothed labels
  algorithm: Adam, with a learning rate that rises for 4,000 steps and then falls
claim:
  text: Without recurrence, a better translation for less training
  number: BLEU 28.4 on English to German, against 26.36 of the best ensemble before it
  where: the results
  verdict: untested
""")
first = problems(reading)
print("\n".join(first))

reading["points"]["loss"] = reading["points"].pop("los")
reading["claim"]["shrinks"] = "translating dates, with few layers, against a recurrent network"
second = problems(reading)
print("\nthen:", *second, sep="\n")

reading["points"]["model"] = "layers of attention and small networks, in an encoder and a decoder"
reading["claim"]["where"] = "table 2"
assert len(first) == 3
assert len(second) == 2
assert problems(reading) == []
