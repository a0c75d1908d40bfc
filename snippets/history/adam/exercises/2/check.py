import torch

CASES = {
    "1 step, gradient 1": ([1.0], [[1.0]]),
    "1 step, gradient 0": ([5.0], [[0.0]]),
    "1 step, gradients 1e-6 and -300": ([1.0, -2.0], [[1e-6, -300.0]]),
    "3 steps, gradients 1, -2 and 0.5": ([3.0], [[1.0], [-2.0], [0.5]]),
}
SETTINGS = {"learning_rate": 0.1, "decay": 0.5}


def check(adamw_step):
    for name, (start, gradients) in CASES.items():
        theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
        state = theta.detach().clone(), torch.zeros_like(theta), torch.zeros_like(theta)
        optimizer = torch.optim.AdamW([theta], lr=0.1, weight_decay=0.5)
        for t, row in enumerate(gradients, start=1):
            theta.grad = torch.tensor(row, dtype=torch.float64)
            optimizer.step()
            state = adamw_step(state, theta.grad, t, **SETTINGS)
        inside = optimizer.state[theta]
        expected = theta.detach(), inside["exp_avg"], inside["exp_avg_sq"]
        for symbol, got, right in zip(("theta", "m", "v"), state, expected, strict=True):
            yield f"{symbol} after {name}, from {start}, {SETTINGS}", got, right
