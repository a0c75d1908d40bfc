from dlbasic.data.questions import ANSWERS, TYPES, decode
from dlbasic.data.scenes import draw
from dlbasic.tasks.visual_qa import interview

questions = interview(draw(2048, seed=1), num_questions=4, seed=1)
print("about the first picture")
for words, answer in zip(questions.words[0], questions.answers[0], strict=True):
    print(f"  {decode(words)}? {ANSWERS[answer]}")

print("\ntype       asked   most frequent answer")
for k, name in enumerate(TYPES):
    answers = questions.answers[questions.types == k]
    most = answers.mode().values
    part = (answers == most).double().mean()
    print(f"{name:9} {len(answers) / questions.types.numel():6.2f} {part:7.2f} {ANSWERS[most]}")
    assert 0.17 < part < 0.7  # no type can be answered without looking

texts = {decode(words) for words in questions.words.flatten(0, 1)}
bags = {tuple(sorted(text.split())) for text in texts}
print(f"\n{len(texts)} different questions, {len(bags)} different bags of words")
assert len(bags) == len(texts)  # no two questions differ in the order of their words alone
