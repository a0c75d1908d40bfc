import torch


def check(remove):
    vectors = torch.tensor([[3.0, 4.0], [1.0, 0.0], [-2.0, 2.0]])
    along = torch.tensor([1.0, 0.0])
    yield (
        "remove([[3, 4], [1, 0], [-2, 2]], [1, 0])",
        remove(vectors, along),
        torch.tensor([[0.0, 4.0], [0.0, 0.0], [0.0, 2.0]]),
    )
    yield (
        "remove([[3, 4], [1, 0], [-2, 2]], [10, 0])",
        remove(vectors, 10 * along),
        torch.tensor([[0.0, 4.0], [0.0, 0.0], [0.0, 2.0]]),
    )
    yield (
        "remove([[3, 4], [1, 0], [-2, 2]], [1, 1])",
        remove(vectors, torch.tensor([1.0, 1.0])),
        torch.tensor([[-0.5, 0.5], [0.5, -0.5], [-2.0, 2.0]]),
    )
    generator = torch.Generator().manual_seed(0)
    rows = torch.randn(5, 3, generator=generator, dtype=torch.float64)
    direction = torch.randn(3, generator=generator, dtype=torch.float64)
    weights = torch.linalg.lstsq(direction[:, None], rows.T).solution
    yield (
        "remove(five random rows, a random direction)",
        remove(rows, direction),
        rows - (direction[:, None] @ weights).T,
    )
