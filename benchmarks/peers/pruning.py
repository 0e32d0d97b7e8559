"""Pruning as torch.nn.utils.prune does it, and as Wanda's published code does."""
import torch
from torch.nn.utils import prune

from timing import nothing

ROWS, COLUMNS = 4096, 11008


def side(cells):
    return int((cells / 4) ** 0.5) // 4 * 4


def squares(cells):
    return torch.nn.ModuleList(
        torch.nn.Linear(side(cells), side(cells), bias=False) for _ in range(4)
    )


def global_unstructured(cells):
    """L1, 50 %, over four square layers; each repetition prunes layers that were not pruned before."""
    layers = []

    def before():
        layers[:] = [squares(cells)]

    def work():
        prune.global_unstructured(
            [(layer, "weight") for layer in layers[0]],
            pruning_method=prune.L1Unstructured,
            amount=0.5,
        )

    return work, before


def kthvalue(cells):
    """A threshold from scores at hand, and the comparison with it."""
    scores = torch.rand(4 * side(cells) ** 2)

    def work():
        return scores > torch.kthvalue(scores, scores.numel() // 2).values

    return work, nothing


def weight_and_norms():
    return torch.randn(ROWS, COLUMNS), torch.rand(COLUMNS)


def wanda_row():
    """Scores, sorted along rows; the indices of the lower half set in a mask."""
    weight, norms = weight_and_norms()

    def work():
        scores = weight.abs() * norms.reshape(1, -1)
        mask = torch.zeros_like(scores) == 1
        order = torch.sort(scores, dim=-1, stable=True)[1]
        mask.scatter_(1, order[:, : int(COLUMNS * 0.5)], True)
        return mask

    return work, nothing


def wanda_tile():
    """Scores; of every group of 4 columns, one group of all rows at a time, the 2 lowest."""
    weight, norms = weight_and_norms()

    def work():
        scores = weight.abs() * norms.reshape(1, -1)
        mask = torch.zeros_like(scores) == 1
        for first in range(0, COLUMNS, 4):
            group = scores[:, first : first + 4].float()
            mask.scatter_(1, first + torch.topk(group, 2, dim=1, largest=False)[1], True)
        return mask

    return work, nothing


def mask(cells):
    weight, kept = torch.randn(cells), torch.rand(cells) > 0.5
    pruned = ~kept
    return lambda: weight.masked_fill_(pruned, 0), nothing


def mask_copy(cells):
    weight, kept = torch.randn(cells), (torch.rand(cells) > 0.5).float()
    return lambda: weight * kept, nothing


def non_zero(cells):
    weight = torch.randn(cells) * (torch.rand(cells) > 0.5)
    return lambda: weight != 0, nothing


WORK = {
    each.__name__: each
    for each in (global_unstructured, kthvalue, wanda_row, wanda_tile, mask, mask_copy, non_zero)
}
