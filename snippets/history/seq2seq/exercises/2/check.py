import numpy as np

CASES = [[[5]], [[3, 4, 5], [4, 5]], [[7, 7], [8], [9, 4, 6, 3]]]


def check(read_and_write):
    for sentences in CASES:
        for padding, start, end in [(0, 1, 2), (10, 11, 12)]:
            time = 1 + max(map(len, sentences))
            expected = np.full((2, len(sentences), time), padding)
            for row, words in enumerate(sentences):
                expected[0, row, : len(words) + 1] = [start, *words]
                expected[1, row, : len(words) + 1] = [*words, end]
            got = read_and_write(sentences, padding=padding, start=start, end=end)
            yield f"read of {sentences}", got[0], expected[0]
            yield f"written of {sentences}", got[1], expected[1]
