"""Steps of torch.optim over four square weights; gradients are there, and stay as they are."""
import torch

from pruning import squares
from timing import nothing


def steps(make, cells):
    layers = squares(cells)
    for layer in layers:
        layer.weight.grad = torch.rand_like(layer.weight) * 2 - 1
    return make(layers.parameters()).step, nothing


WORK = {
    "sgd": lambda cells: steps(lambda p: torch.optim.SGD(p, lr=0.01), cells),
    "adam": lambda cells: steps(torch.optim.Adam, cells),
    "adam_fused": lambda cells: steps(lambda p: torch.optim.Adam(p, fused=True), cells),
    "adamw": lambda cells: steps(torch.optim.AdamW, cells),
    "adadelta": lambda cells: steps(torch.optim.Adadelta, cells),
}
