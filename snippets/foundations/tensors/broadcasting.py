import torch

from dlbasic.data.digits import load_digits

images, digits = load_digits()  # the pictures, and which digit each one shows
classes = torch.arange(10)

for name, result in {
    "images": images,
    "images.mean(dim=0)": images.mean(dim=0),
    "images - images.mean(dim=0)": images - images.mean(dim=0),
    "digits": digits,
    "digits[:, None]": digits[:, None],
    "digits[:, None] == classes": digits[:, None] == classes,
}.items():
    print(f"{name:28} {tuple(result.shape)}")

predicted = digits[:, None]  # every answer right, but in a column
accuracy = (predicted == digits).float().mean()  # each answer against each label
print(f"\naccuracy of answers that are all right       {accuracy:.2f}")

batch = images[:64].flatten(1)  # 64 images of 64 pixels
by_pixel = batch - batch.mean(dim=0)
by_image = batch - batch.mean(dim=1)  # the mean of image k, subtracted from pixel k
for name, centred in {"dim=0": by_pixel, "dim=1": by_image}.items():
    largest = centred.mean(dim=0).abs().max()
    print(f"largest mean of a pixel, centred with {name}  {largest:.2f}")

assert (predicted[:, 0] == digits).all()
assert accuracy < 0.11
assert by_pixel.shape == by_image.shape
assert by_pixel.mean(dim=0).abs().max() < 1e-6 < 0.1 < by_image.mean(dim=0).abs().max()
