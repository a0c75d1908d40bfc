import matplotlib.pyplot as plt
import torch

from dlbasic.foundations.tensors import spacing

TYPES = [torch.bfloat16, torch.float16, torch.float32, torch.float64]
sizes = torch.exp2(torch.arange(-30, 31, dtype=torch.float64))

figure, axes = plt.subplots(figsize=(6.5, 3.8), layout="constrained")
print("             largest  gap at 1  counts up to")
for dtype in TYPES:
    name, limits = str(dtype).removeprefix("torch."), torch.finfo(dtype)
    held = sizes[sizes <= limits.max]
    axes.loglog(held, spacing(held, dtype), label=name)
    last = torch.tensor(2 / limits.eps, dtype=dtype)
    print(f"{name:8} {limits.max:11.5g} {limits.eps:9.2g} {int(last):26,}")
    assert last + 1 == last  # a count by ones goes no farther
    assert last - 1 != last
axes.axhline(1, color="grey", linestyle=":", label="gap of 1")
axes.set(xlabel="size of the number", ylabel="gap to the next number")
axes.legend()
plt.show()

three, five = torch.tensor([3, 5], dtype=torch.uint8)
right, all_of_them = torch.tensor(1790), torch.tensor(1797)
print(f"\n3 - 5 as uint8         {three - five}")
print(f"1790 right // 1797     {right // all_of_them}")
print(f"300 * 300 as float16   {torch.tensor(300, dtype=torch.float16) ** 2}")
assert three - five == 254
assert right // all_of_them == 0
