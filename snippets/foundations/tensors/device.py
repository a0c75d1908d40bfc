import torch

from dlbasic.foundations.tensors import best_device

device = best_device()
images = torch.zeros(32, 64)  # a batch, where every new tensor starts: on the processor
model = torch.nn.Linear(64, 10, device=device)
print(f"images on {images.device.type}, logits on {model(images.to(device)).device.type}")

elsewhere = torch.nn.Linear(64, 10, device="meta")  # a device that knows shapes and no numbers
try:
    elsewhere(images)
except RuntimeError as error:
    print(f"RuntimeError: {error}")
else:
    raise AssertionError("two devices must not be mixed")

pixels = torch.empty(60_000, 784, device="meta")  # as many as in MNIST
differences = pixels[:, None, :] - pixels[None, :, :]
print(f"\nbroadcasting MNIST against itself would take {differences.nbytes / 1e12:.0f} TB")
assert differences.shape == (60_000, 60_000, 784)
