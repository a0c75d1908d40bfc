from dlbasic.history.resnet import cifar_resnet, imagenet_resnet


def count(model):
    return sum(theta.numel() for theta in model.parameters())


print("CIFAR-10    n  layers     plain    option A  in the paper")
for n, paper in [(3, 0.27), (5, 0.46), (7, 0.66), (9, 0.85), (18, 1.7), (200, 19.4)]:
    plain, residual = (count(cifar_resnet(n, shortcut=name)) for name in ("none", "A"))
    print(f"{n:13} {6 * n + 2:7} {plain:9,} {residual:11,} {paper:9.4g} million")
    assert plain == residual
    assert abs(residual / 1e6 - paper) < (0.005 if paper < 1 else 0.05)

print("\nImageNet       layers  parameters")
for depth, expected in [(18, 11_689_512), (34, 21_797_672), (50, 25_557_032)]:
    counted = count(imagenet_resnet(depth))
    print(f"{depth:21} {counted:11,}")
    assert counted == expected
