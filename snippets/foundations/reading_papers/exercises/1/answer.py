def error_reduction(baseline: float, accuracy: float) -> float:
    """Share of the baseline's errors that are gone, from two accuracies in [0, 1]."""
    if baseline == 1:
        raise ValueError("baseline must make errors, got an accuracy of 1")
    return (accuracy - baseline) / (1 - baseline)


for baseline, accuracy in [(0.50, 0.55), (0.90, 0.95), (0.98, 0.99)]:
    share = error_reduction(baseline, accuracy)
    print(f"from {baseline:.0%} to {accuracy:.0%}: {share:.0%} of the errors are gone")
assert error_reduction(0.98, 0.99) > error_reduction(0.50, 0.55)
