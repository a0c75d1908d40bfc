import matplotlib.pyplot as plt
import torch

from dlbasic.data.digits import load_digits
from dlbasic.foundations.tensors import element_offset

images, _ = load_digits()
some = images[:16]  # axes: image, height, width
turned = some.transpose(0, 1)  # axes: height, image, width
strips = {"reshape": some.reshape(8, 128), "transpose, reshape": turned.reshape(8, 128)}

print("                    shape       strides      in the memory of images")
for name, tensor in {"images[:16]": some, "transpose": turned, **strips}.items():
    same = tensor.untyped_storage().data_ptr() == images.untyped_storage().data_ptr()
    memory = "yes" if same else "no"
    print(f"{name:19} {tuple(tensor.shape)!s:11} {tensor.stride()!s:12} {memory}")

figure, axes = plt.subplots(2, 1, figsize=(8, 2.4), layout="constrained")
for axis, (name, strip) in zip(axes, strips.items(), strict=True):
    axis.imshow(strip, cmap="gray_r")
    axis.set(title=name, xticks=range(0, 129, 8), yticks=[0, 7], ylabel="pixel")
axes[1].set(xlabel="pixel")
plt.show()

where = element_offset((5, 2, 3), turned.stride())
assert images.flatten()[where] == turned[5, 2, 3] == images[2, 5, 3]
assert torch.equal(strips["transpose, reshape"][:, 8:16], images[1])
assert torch.equal(strips["reshape"][0, 8:16], images[0, 1])  # the first image's second line

print(f"\nmean of images[:16] before   {images[:16].mean().abs():.2f}")
some -= some.mean()  # in place: this writes into `images`
print(f"after some -= some.mean()    {images[:16].mean().abs():.2f}")
assert images[:16].mean().abs() < 1e-6
