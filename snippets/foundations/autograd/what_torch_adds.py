import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)


def refused(action):
    try:
        action()
    except RuntimeError as error:
        return str(error).split(" (")[0].split(": [")[0]
    raise AssertionError("torch must refuse this")


loss = (x * x).sum()
loss.backward()
message = refused(loss.backward)
print(f"backward twice:  {message}")
assert "second time" in message
loss = (x * x).sum()
loss.backward(retain_graph=True)
loss.backward()
print(f"three passes:    {x.grad.tolist()}")
assert torch.equal(x.grad, 3 * 2 * x)

with torch.no_grad():
    result = x * x
print(f"under no_grad:   requires_grad is {result.requires_grad}")
assert not result.requires_grad

(gradient,) = torch.autograd.grad((x * x.detach()).sum(), x)
print(f"x * x.detach():  the gradient is {gradient.tolist()}")
assert torch.equal(gradient, x)  # not 2x

result = x.exp()
result += 1
message = refused(result.sum().backward)
print(f"overwritten:     {message}")
assert "inplace" in message
