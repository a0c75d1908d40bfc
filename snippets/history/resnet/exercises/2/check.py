from dlbasic.history.resnet import cifar_resnet


def check(count_parameters):
    for n, filters in [(1, 1), (1, 4), (2, 4), (3, 16), (9, 16)]:
        model = cifar_resnet(n, filters=filters)
        expected = sum(theta.numel() for theta in model.parameters())
        what = f"count_parameters({n}, filters={filters})"
        yield what, count_parameters(n, filters=filters), expected
