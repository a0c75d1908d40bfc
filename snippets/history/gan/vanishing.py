import matplotlib.pyplot as plt
import torch

from dlbasic.history.gan import (
    Discriminator,
    Generator,
    generator_loss,
    noise,
    roll,
    small_digits,
    train,
)
from dlbasic.losses.loss_and_goal import mean_over_seeds

pixels, _ = small_digits()
logits = torch.tensor([[-12.0, -8, -4, -2, 0, 4]]).requires_grad_()
slopes = [
    torch.autograd.grad(generator_loss(logits, saturating=kind).sum() * 6, logits)[0][0]
    for kind in (True, False)
]
print("logit of D(G(z))       " + "".join(f"{logit:10.0f}" for logit in logits[0]))
for name, slope in zip(("log(1 - D)", "-log D"), slopes, strict=True):
    print(f"slope of {name:14}" + "".join(f"{number:10.6f}" for number in slope))
torch.testing.assert_close(slopes[0], -logits[0].sigmoid())
torch.testing.assert_close(slopes[1], logits[0].sigmoid() - 1)


def play(saturating):
    dice = roll(range(10))
    g = Generator([16, 64, 64, 144], average=pixels.mean(0), dice=dice)
    d = Discriminator(144, units=32, pieces=2, keep=(1.0, 1.0), dice=dice)
    ahead = Generator([16, 64, 64, 144], average=pixels.mean(0), dice=roll(range(10)))
    list(train(ahead, d, pixels, steps=1, k=100, dice=dice))  # D learns, and G stays: 100 to 1
    z, fooled = noise(dice, 200, 16), []
    for step in train(g, d, pixels, steps=200, learning_rates=(1e-3, 1e-3), dice=dice,
                      saturating=saturating):
        if step.step % 5 == 4:
            with torch.no_grad():
                fooled.append(d(g(z)).sigmoid().mean(1))
    return torch.stack(fooled)


figure, axes = plt.subplots(figsize=(7, 3.4), layout="constrained")
for colour, (name, kind) in enumerate({"log(1 - D)": True, "-log D": False}.items()):
    curves = play(kind)
    print(name, mean_over_seeds(curves[-1]), curves[-1], curves[0])
    axes.plot(range(5, 201, 5), curves, color=f"C{colour}", alpha=0.4)
    axes.plot([], [], color=f"C{colour}", label=f"G lowers {name}")
axes.set(yscale="log")
