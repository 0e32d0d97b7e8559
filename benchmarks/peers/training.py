"""Steps a second of lab 4's net in plain PyTorch, by its default and by its fused Adam:

    python benchmarks/peers/training.py FOLDER [STEPS]

Batches of 64 of the MNIST files in FOLDER; ten steps more, before, do not count.
"""

import sys
import time

import torch
from torch import nn

from lab4 import idx, images, network


def rate(inputs, targets, steps, fused):
    torch.manual_seed(0)
    net = network()
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3, fused=fused)
    loss = nn.CrossEntropyLoss()
    done = 0
    started = time.perf_counter()
    while True:
        order = torch.randperm(len(inputs))
        for i in range(0, len(inputs), 64):
            if done == 10:
                started = time.perf_counter()
            if done == steps + 10:
                return steps / (time.perf_counter() - started)
            batch = order[i : i + 64]
            optimizer.zero_grad()
            value = loss(net(inputs[batch]), targets[batch])
            value.backward()
            optimizer.step()
            value.item()
            done += 1


if __name__ == "__main__":
    folder, steps = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 900
    inputs, targets = images(folder, "train-images"), idx(folder, "train-labels").long()
    for name, fused in (("Adam", None), ("Adam(fused=True)", True)):
        print(
            "torch %s, %d threads, %s: %.1f steps a second"
            % (torch.__version__, torch.get_num_threads(), name, rate(inputs, targets, steps, fused)),
            flush=True,
        )
