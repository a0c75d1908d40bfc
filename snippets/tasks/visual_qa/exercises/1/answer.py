def consensus_accuracy(answer: str, given: list[str]) -> float:
    """How far people agree with an answer: 1 if three or more gave it, 1/3 for each if fewer."""
    if not given:
        raise ValueError("given must hold an answer or more, got none")
    wanted = answer.strip().lower()
    return min(sum(said.strip().lower() == wanted for said in given) / 3, 1.0)


people = ["Red"] * 5 + ["orange"] * 3 + ["pink ", "salmon"]
scores = {
    answer: consensus_accuracy(answer, people) for answer in ("red", "orange", "pink", "blue")
}
for answer, score in scores.items():
    print(f"{answer:7} {score:.2f}")
assert scores["red"] == scores["orange"] == 1  # two answers can be right
assert 0 == scores["blue"] < scores["pink"] < 1
