"""Steps a second of training in plain PyTorch:

    python benchmarks/peers/training.py FOLDER [STEPS]             lab 4's net, by the default and the fused Adam
    python benchmarks/peers/training.py FOLDER [STEPS] --pruned    the same, 60 % of its weights pruned by masks
    python benchmarks/peers/training.py FOLDER [STEPS] --demo      the convolutional demo's net, Adadelta

Batches of 64 (demo: 256) of the MNIST files in FOLDER; ten steps more, before, do not count.
"""

import sys
import time

import torch
from torch import nn
from torch.nn.utils import prune

from lab4 import idx, images, network, weights


def convolutional():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(),
        nn.Conv2d(32, 64, 3), nn.ReLU(),
        nn.MaxPool2d(2), nn.Dropout(0.25), nn.Flatten(),
        nn.Linear(9216, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 10), nn.LogSoftmax(1),
    )  # fmt: skip


def whole(folder, name):
    return ((idx(folder, name).float() / 255 - 0.1307) / 0.3081)[:, None]


def rate(net, optimizer, loss, inputs, targets, size, steps):
    done = 0
    started = time.perf_counter()
    while True:
        order = torch.randperm(len(inputs))
        for i in range(0, len(inputs), size):
            if done == 10:
                started = time.perf_counter()
            if done == steps + 10:
                return steps / (time.perf_counter() - started)
            batch = order[i : i + size]
            optimizer.zero_grad()
            value = loss(net(inputs[batch]), targets[batch])
            value.backward()
            optimizer.step()
            value.item()
            done += 1


def measure(name, net, optimizer, loss, inputs, targets, size, steps):
    speed = rate(net, optimizer(net.parameters()), loss, inputs, targets, size, steps)
    print(
        "torch %s, %d threads, %s: %.2f steps a second"
        % (torch.__version__, torch.get_num_threads(), name, speed),
        flush=True,
    )


def main(folder, steps, demo, pruned):
    torch.manual_seed(0)
    targets = idx(folder, "train-labels").long()
    if demo:
        inputs = whole(folder, "train-images")
        adadelta = lambda parameters: torch.optim.Adadelta(parameters, lr=1.0)
        measure("Adadelta", convolutional(), adadelta, nn.NLLLoss(), inputs, targets, 256, steps or 225)
        return
    inputs = images(folder, "train-images")
    for name, fused in (("Adam", None), ("Adam(fused=True)", True)):
        adam = lambda parameters: torch.optim.Adam(parameters, lr=1e-3, fused=fused)
        net = network()
        if pruned:
            prune.global_unstructured(weights(net), prune.L1Unstructured, amount=0.6)
        measure(name, net, adam, nn.CrossEntropyLoss(), inputs, targets, 64, steps or 900)


if __name__ == "__main__":
    options = ("--demo", "--pruned")
    arguments = [each for each in sys.argv[1:] if each not in options]
    main(arguments[0], int(arguments[1]) if len(arguments) > 1 else None, *[each in sys.argv for each in options])
