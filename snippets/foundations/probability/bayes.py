import torch

from dlbasic.foundations.probability import posterior

if_ill, if_healthy = 0.99, 0.05  # how often the test is positive
likelihoods = torch.tensor([[if_ill, if_healthy]])
people = 1_000_000

print("ill, before the test   after a positive one   counted among a million people")
for base_rate in [0.5, 0.1, 0.01, 0.001]:
    prior = torch.tensor([base_rate, 1 - base_rate])
    by_rule = posterior(prior, likelihoods)[0, 0]

    generator = torch.Generator().manual_seed(0)
    ill = torch.rand(people, generator=generator) < base_rate
    positive = torch.rand(people, generator=generator) < torch.where(ill, if_ill, if_healthy)
    counted = ill[positive].double().mean()
    print(f"{base_rate:20.1%} {by_rule:22.1%} {counted:32.1%}")
    assert (by_rule - counted).abs() < 0.01

assert by_rule < 0.05 < if_ill  # of the rare thing's positive tests, nearly all are wrong
