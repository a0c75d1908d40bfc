import torch

CASES = [
    ([1.0, -2.0], [0.5, 0.5], 0.1, 0.1),
    ([3.0, 0.0], [-1.0, 2.0], 0.5, 0.2),
    ([[2.0], [4.0]], [[0.0], [0.0]], 0.1, 1.0),
]


def check(step):
    for weights, update, rate, decay in CASES:
        for is_bias in (False, True):
            theta = torch.tensor(weights, dtype=torch.float64, requires_grad=True)
            theta.grad = torch.tensor(update, dtype=torch.float64)
            torch.optim.SGD([theta], lr=rate, weight_decay=0 if is_bias else decay).step()
            got = step(
                torch.tensor(weights, dtype=torch.float64),
                torch.tensor(update, dtype=torch.float64),
                learning_rate=rate,
                decay=decay,
                is_bias=is_bias,
            )
            setting = f"learning_rate={rate}, decay={decay}, is_bias={is_bias}"
            yield f"step({weights}, {update}, {setting})", got, theta.detach().numpy()
