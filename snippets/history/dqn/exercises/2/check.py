import torch


def by_hand(frames, begins, now):
    state = torch.zeros(4, *frames.shape[1:], dtype=frames.dtype)
    for place in (3, 2, 1, 0):
        state[place] = frames[now]
        if begins[now]:
            break
        now -= 1
    return state


def check(last_four):
    generator = torch.Generator().manual_seed(0)
    frames = 1 + torch.rand(12, 2, 3, generator=generator, dtype=torch.float64)
    begins = torch.zeros(12, dtype=torch.bool)
    begins[[0, 5, 7]] = True
    for now in (11, 3, 8, 7, 6, 1, 0):
        yield f"now = {now}", last_four(frames, begins, now), by_hand(frames, begins, now)
