import torch
from torch import nn

from dlbasic.data.scenes import SIZE, draw
from dlbasic.losses.mse import l1
from dlbasic.tasks import pose


class Coordinates(nn.Module):
    def __init__(self, width):
        super().__init__()
        net = pose.PoseNet(width=width)
        layers = (nn.Flatten(), nn.Linear(36 * width, 128), nn.ReLU(), nn.Linear(128, 22))
        self.layers = nn.Sequential(net.fine, net.middle, net.coarse, *layers)

    def forward(self, images):
        return SIZE * (0.5 + self.layers(images - 0.5).view(-1, 11, 2))


def average_loss(logits, joints):
    return l1(pose.expected_place(logits), joints)


ways = {  # network, loss, places from what it says, learning rate: the best of several
    "22 coordinates": (Coordinates, l1, torch.clone, 0.01),
    "average of all cells": (pose.PoseNet, average_loss, pose.expected_place, 0.04),
    "heat maps": (pose.PoseNet, pose.heat_map_loss, pose.locate, 0.02),
    "heat maps, visible only": (pose.PoseNet, pose.heat_map_loss, pose.locate, 0.02),
}
unseen = draw(1024, seed=1)
scores = {name: torch.zeros(5, 2) for name in ways}
for seed in range(5):
    scenes = draw(1024, seed=1000 + seed)
    for name, (network, loss, places, learning_rate) in ways.items():
        torch.manual_seed(seed)
        model = network(width=8)
        counted = scenes.visible if "visible" in name else None
        settings = {"counted": counted, "loss": loss, "learning_rate": learning_rate, "seed": seed}
        list(pose.train(model, scenes.images, scenes.joints, **settings))
        predictions = places(model.eval()(unseen.images).detach())
        for column, counted in enumerate((unseen.visible, ~unseen.visible)):
            scores[name][seed, column] = pose.pckh(predictions, unseen.joints, counted)
print("PCKh, mean (range) of 5 seeds  visible joints      hidden joints")
for name, score in scores.items():
    print(f"{name:28}", *(f"  {s.mean():.2f} ({s.min():.2f} to {s.max():.2f})" for s in score.T))
coordinates, average, maps, only_visible = scores.values()
assert (average > coordinates + 0.01).all()
assert (maps > average + 0.05).all()
assert (maps[:, 1] > only_visible[:, 1] + 0.02).all()
assert maps[:, 0].mean() < only_visible[:, 0].mean()
