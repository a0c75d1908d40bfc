from dlbasic.foundations.reading_papers import POINTS, parse, problems, template

blank = template()
print(blank)
assert tuple(parse(blank)["points"]) == POINTS
assert all("is missing" in line for line in problems(parse(blank)))
