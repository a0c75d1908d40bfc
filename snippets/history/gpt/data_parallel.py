import multiprocessing
import tempfile

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel

from dlbasic.history.gpt import GPT, surprise


def loss(model, texts):
    return surprise(model(texts[:, :-1]), texts[:, 1:]).mean()


def work(rank, model, texts, folder):
    dist.init_process_group("gloo", f"file://{folder}/meeting", rank=rank, world_size=2)
    share = texts.chunk(2)[rank]
    alone = torch.autograd.grad(loss(model, share), list(model.parameters()))
    shared = DistributedDataParallel(model)
    loss(shared, share).backward()
    together = [weight.grad for weight in model.parameters()]
    torch.save((alone, together), f"{folder}/{rank}.pt")
    dist.destroy_process_group()


torch.manual_seed(0)
model = GPT(vocab=30, context=20, d_model=24, num_heads=4, num_layers=2).double()
texts = torch.randint(30, (8, 21))
whole = torch.autograd.grad(loss(model, texts), list(model.parameters()))
with tempfile.TemporaryDirectory() as folder:
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=work, args=(k, model, texts, folder)) for k in (0, 1)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    results = [torch.load(f"{folder}/{rank}.pt") for rank in (0, 1)]

print("largest difference from the gradient of one process that reads all 8 texts")
for rank, result in enumerate(results):
    for name, gradients in zip(("before the average", "after it"), result, strict=True):
        worst = max((a - b).abs().max() for a, b in zip(gradients, whole, strict=True))
        shown = "below 1e-12" if worst < 1e-12 else f"{worst:.3f}"
        print(f"process {rank}, 4 of 8 texts, {name:20} {shown}")
        assert (worst < 1e-12) == (name == "after it")
