import torch

from dlbasic.history.alexnet import AlexNet

with torch.device("meta"):  # shapes without numbers: 61 million weights take no memory
    model = AlexNet()
    image = torch.zeros(1, 3, 224, 224)

rows = []
for layer in model.layers:
    layer.register_forward_hook(lambda layer, _, output: rows.append((layer, output[0])))
model(image)

print("layer   weights                output       neurons    parameters   multiplications")
neurons, parameters, products = [], [], []
for number, (layer, output) in enumerate(rows, start=1):
    neurons.append(output.numel())
    parameters.append(sum(theta.numel() for theta in layer.parameters()))
    products.append(layer.weight[0].numel() * output.numel())
    weights, shape = ("×".join(map(str, tensor.shape)) for tensor in (layer.weight, output))
    print(f"{number}       {weights:20} {shape:11} {neurons[-1]:9,} {parameters[-1]:13,}", end="")
    print(f" {products[-1]:17,}")
print(f"all {sum(neurons):46,} {sum(parameters):13,} {sum(products):17,}")

assert sum(parameters) == 60_965_224
assert sum(neurons) == 659_272
assert neurons[1:] == [186_624, 64_896, 64_896, 43_264, 4096, 4096, 1000]  # as in figure 2
assert neurons[0] == 55 * 55 * 96  # figure 2 says 253,440 = 55 × 48 × 96
assert (224 - 11) % 4 == 1  # so 54 places leave one pixel over, and the 55th lacks three
assert model.missing == 3
assert sum(parameters[:5]) < 0.04 * sum(parameters)  # of the convolutions, which do the most work
assert sum(products[:5]) > 0.9 * sum(products)
