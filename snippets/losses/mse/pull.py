import matplotlib.pyplot as plt
import torch

from dlbasic.losses.mse import huber, l1, mse

residuals = torch.linspace(-4, 4, 161, dtype=torch.float64)

figure, (values, slopes) = plt.subplots(1, 2, figsize=(8, 3), layout="constrained")
for name, loss in {"squared (MSE)": mse, "absolute (L1)": l1, "Huber": huber}.items():
    prediction = residuals.clone().requires_grad_()
    each = torch.stack([loss(x[None, None], torch.zeros(1, 1)) for x in prediction])
    (slope,) = torch.autograd.grad(each.sum(), prediction)
    values.plot(residuals, each.detach(), label=name)
    slopes.plot(residuals, slope, label=name)
    print(f"{name:14} pull of an example that is off by 4: {slope[-1]:.0f}")
    assert slope[-1] == {"squared (MSE)": 8, "absolute (L1)": 1, "Huber": 1}[name]

values.set(title="loss of one example", xlabel="prediction - target", ylim=(0, 8))
slopes.set(title="its pull (the slope)", xlabel="prediction - target")
values.legend()
plt.show()
