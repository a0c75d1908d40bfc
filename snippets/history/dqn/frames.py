import matplotlib.pyplot as plt
import torch

from dlbasic.data.atari import preprocess
from dlbasic.history.dqn import QNetwork

frames = torch.zeros(16, 210, 160, 3, dtype=torch.uint8)  # a game in the manner of Breakout
for row, colour in enumerate([(200, 72, 72), (198, 108, 58), (162, 162, 42), (72, 160, 72)]):
    frames[:, 57 + 12 * row : 65 + 12 * row, 8:152] = torch.tensor(colour, dtype=torch.uint8)
for k, frame in enumerate(frames):
    frame[188:193, 60 + 2 * k : 80 + 2 * k] = torch.tensor([200, 72, 72], dtype=torch.uint8)
    if k % 2 == 0:  # the console draws the ball in every other frame only
        frame[180 - 4 * k : 186 - 4 * k, 30 + 5 * k : 34 + 5 * k] = 255
state = preprocess(frames)

_, panels = plt.subplots(1, 5, figsize=(8, 2.4), layout="constrained")
panels[0].imshow(frames[15].numpy())
panels[0].set(title="frame 15 alone")
for panel, image, last in zip(panels[1:], state, (3, 7, 11, 15), strict=True):
    panel.imshow(image.numpy(), cmap="gray", vmin=0, vmax=255)
    panel.set(title=f"{last - 1} and {last}")
for panel in panels:
    panel.set(xticks=[], yticks=[])
plt.show()

every_fourth = preprocess(frames[3::4].repeat_interleave(4, dim=0))
alone, paired = (images.amax(dim=(1, 2)).int() for images in (every_fourth, state))
print("brightest pixel of frames 3, 7, 11, 15:", alone.tolist())
print("each with the frame before it:         ", paired.tolist())
assert (paired > alone + 50).all()  # the ball is back

network = QNetwork(num_actions=4)
signal = state[None] / network.scale
print(f"\n{'the state':12}", tuple(signal.shape[1:]))
for layer in network.layers:
    signal = layer(signal)
    if isinstance(layer, (torch.nn.Conv2d, torch.nn.Linear)):
        print(f"{type(layer).__name__:12}", tuple(signal.shape[1:]))
count = sum(weight.numel() for weight in network.parameters())
print(f"{count:,} weights")
assert torch.equal(signal, network(state[None]))
assert count == 1_686_180
