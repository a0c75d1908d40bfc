from jaxtyping import Float
from torch import Tensor

Images = Float[Tensor, "scene channel height width"]
Places = Float[Tensor, "scene joint axis"]


def mirror(images: Images, joints: Places) -> tuple[Images, Places]:
    """Pictures with left and right exchanged, and the places of the same joints in them.

    Places are x, y in pixels from the top left corner; the middle of the first pixel is at 0.5.
    """
    raise NotImplementedError
