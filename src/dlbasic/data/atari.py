"""Frames of an Atari 2600, prepared for a network as in the papers on DQN.

Source: Mnih et al., "Human-level control through deep reinforcement learning", Nature 518, 2015,
Methods. The paper does not say how it rescales; here the interpolation is bilinear.
"""

import torch
from jaxtyping import Float, UInt8
from torch import Tensor
from torch.nn.functional import interpolate


# --8<-- [start:preprocess]
def preprocess(frames: UInt8[Tensor, "16 height width 3"]) -> Float[Tensor, "4 84 84"]:
    """Luminance, 0 to 255, of every fourth of 16 frames; sprites that flicker are kept.

    Each kept frame is the larger of itself and the one before it, in every colour and pixel.

    Raises:
        ValueError: If `frames` is not made of 16 frames of colours from 0 to 255.
    """
    if frames.dtype != torch.uint8 or frames.ndim != 4 or frames.shape[::3] != (16, 3):
        given = f"{frames.dtype} {tuple(frames.shape)}"
        raise ValueError(f"frames must be uint8 (16, height, width, 3), got {given}")
    seen = frames.unflatten(0, (4, 4))[:, 2:].amax(dim=1).double()
    luminance = seen @ torch.tensor([0.299, 0.587, 0.114], dtype=torch.float64)
    small = interpolate(luminance[:, None], (84, 84), mode="bilinear", align_corners=False)
    return small[:, 0].float()


# --8<-- [end:preprocess]
