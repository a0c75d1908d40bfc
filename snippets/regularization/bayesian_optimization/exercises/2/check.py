import torch
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel

CASES = [(1.0, 0.5), (3.0, 0.01), (1.0, 1e-6)]


def check(posterior):
    x, new = (
        torch.tensor([[0.0], [0.7], [2.0]]).double(),
        torch.tensor([[0.3], [1.5], [6.0]]).double(),
    )
    values = torch.tensor([1.0, -0.5, 2.0], dtype=torch.float64)
    for variance, noise in CASES:
        kernel = ConstantKernel(variance) * RBF(0.8)
        library = GaussianProcessRegressor(kernel, alpha=noise, optimizer=None)
        library.fit(x.numpy(), values.numpy())
        expected = library.predict(new.numpy(), return_std=True)
        known, cross = (torch.tensor(kernel(x.numpy(), some.numpy())) for some in (x, new))
        got = posterior(known, cross, values, variance=variance, noise=noise)
        for name, ours, theirs in zip(("mean", "std"), got, expected, strict=True):
            yield f"{name}, variance {variance}, noise {noise}", ours, theirs
