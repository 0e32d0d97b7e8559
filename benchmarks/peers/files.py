"""Safetensors files, where the package is there; every number is read, as ours are."""
import os
import tempfile

import torch

from timing import nothing

try:
    from safetensors.torch import load_file, save_file
except ImportError:
    load_file = save_file = None

FOLDER = tempfile.TemporaryDirectory(prefix="secateur-peer")


def saved(weights):
    path = os.path.join(FOLDER.name, "weights.safetensors")
    width = int((weights / 4) ** 0.5)
    tensors = {"fc%d.weight" % i: torch.rand(width, width) for i in range(4)}
    return path, tensors


def read_file(weights):
    if load_file is None:
        return None
    path, tensors = saved(weights)
    save_file(tensors, path)
    return lambda: sum(float(tensor.sum()) for tensor in load_file(path).values()), nothing


def write_file(weights):
    """Written until the disk has it, as ours."""
    if save_file is None:
        return None
    path, tensors = saved(weights)

    def work():
        save_file(tensors, path)
        with open(path, "rb") as file:
            os.fsync(file.fileno())

    return work, nothing


WORK = {each.__name__: each for each in (read_file, write_file)}
