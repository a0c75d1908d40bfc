from dlbasic.exercises import refusal


def check(error_reduction):
    yield "from 0.98 to 0.99: half of the 2% errors are gone", error_reduction(0.98, 0.99), 0.5
    yield "from 0.60 to 0.70: 10 of 40 errors are gone", error_reduction(0.6, 0.7), 0.25
    yield "from 0.75 to 0.75: nothing is gone", error_reduction(0.75, 0.75), 0.0
    yield "from 0.95 to 0.90: twice the errors, so -1", error_reduction(0.95, 0.90), -1.0
    yield "a baseline of 1.0 is refused", refusal(error_reduction, 1.0, 0.9), "ValueError"
