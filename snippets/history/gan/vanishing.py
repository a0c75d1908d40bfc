import matplotlib.pyplot as plt
import torch

from dlbasic.history import gan

logits = torch.tensor([[-12.0, -8, -4, -2, 0, 4]], requires_grad=True)
print("logit of D(G(z))     " + "".join(f"{logit:11.0f}" for logit in logits[0]))
for name, kind in {"log(1 - D)": True, "-log D": False}.items():
    loss = gan.generator_loss(logits, saturating=kind).sum() * logits.shape[1]
    (slope,) = torch.autograd.grad(loss, logits)
    print(f"slope of {name:12}" + "".join(f"{number:11.6f}" for number in slope[0]))
    torch.testing.assert_close(slope, -logits.sigmoid() if kind else logits.sigmoid() - 1)

pixels, _ = gan.small_digits()


def play(saturating, make, rate):
    dice = gan.roll(range(10))
    g = gan.Generator([16, 64, 64, 144], average=pixels.mean(0), dice=dice)
    d = gan.Discriminator(144, units=32, pieces=2, keep=(1.0, 1.0), dice=dice)
    of_g, of_d = make(g.parameters(), lr=rate), torch.optim.Adam(d.parameters(), lr=1e-3)
    fooled = []
    for step in range(200):
        batch = torch.stack([torch.randint(len(pixels), (32,), generator=die) for die in dice])
        fake = g(gan.noise(dice, 32, 16))
        of_d.zero_grad()
        (-gan.value(d(pixels[batch]), d(fake.detach())).sum()).backward()
        of_d.step()
        if step >= 100:  # until then, D learns alone
            logits = d(fake)
            of_g.zero_grad()
            gan.generator_loss(logits, saturating=saturating).sum().backward()
            of_g.step()
            fooled.append(logits.detach().sigmoid().mean(dim=1))
    return torch.stack(fooled)


figure, panels = plt.subplots(1, 2, figsize=(8, 3.2), sharey=True, layout="constrained")
ends = {}
for panel, make, rate in zip(panels, (torch.optim.SGD, torch.optim.Adam), (0.1, 1e-3), strict=True):
    for colour, (name, kind) in enumerate({"log(1 - D)": True, "-log D": False}.items()):
        curves = play(kind, make, rate)
        ends[make.__name__, name] = curves[-20:].mean(0).log10().mean().item()
        panel.plot(curves, color=f"C{colour}", alpha=0.3)
        panel.plot(curves.median(1).values, color=f"C{colour}", label=f"G lowers {name}")
    panel.set(title=f"G learns by {make.__name__}", xlabel="update of G", yscale="log")
panels[0].set(ylabel="D(G(z))")
figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
plt.show()
