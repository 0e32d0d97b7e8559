"""Lab 4's study in plain PyTorch, the work of studies/lab4-mnist.yaml for one seed:

    python benchmarks/peers/lab4.py FOLDER [SEED] [--fused]

Trains 400-1024-1024-10 on the MNIST files in FOLDER (two epochs of Adam, batches of 64), prunes 33 % of what
remains five times without training, then five times with rewinding to the first weights and two epochs each;
evaluates all eleven networks. Prints accuracies and the seconds that everything took.
"""

import gzip
import sys
import time
from pathlib import Path

started = time.perf_counter()

import torch
from torch import nn
from torch.nn.utils import prune


def idx(folder, name):
    path = next(Path(folder).glob(name + "*"))
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    dimensions = data[3]
    shape = [int.from_bytes(data[4 + 4 * i : 8 + 4 * i], "big") for i in range(dimensions)]
    return torch.frombuffer(bytearray(data[4 + 4 * dimensions :]), dtype=torch.uint8).reshape(shape)


def images(folder, name):
    return (idx(folder, name)[:, 4:24, 4:24].float() / 255).reshape(-1, 400)


def network():
    return nn.Sequential(
        nn.Linear(400, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(), nn.Linear(1024, 10)
    )


def weights(net):
    return [(layer, "weight") for layer in net if isinstance(layer, nn.Linear)]


def train(net, inputs, targets, fused):
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3, fused=fused)
    loss = nn.CrossEntropyLoss()
    for _ in range(2):
        order = torch.randperm(len(inputs))
        for i in range(0, len(inputs), 64):
            batch = order[i : i + 64]
            optimizer.zero_grad()
            loss(net(inputs[batch]), targets[batch]).backward()
            optimizer.step()


@torch.no_grad()
def accuracy(net, inputs, targets):
    right = sum(
        (net(inputs[i : i + 64]).argmax(1) == targets[i : i + 64]).sum().item()
        for i in range(0, len(inputs), 64)
    )
    return 100 * right / len(inputs)


def less(net):
    prune.global_unstructured(weights(net), pruning_method=prune.L1Unstructured, amount=0.33)


def rewound(net, first):
    with torch.no_grad():
        for (layer, _), (weight, bias) in zip(weights(net), first):
            layer.weight_orig.copy_(weight)
            layer.bias.copy_(bias)


def main(folder, seed, fused):
    torch.manual_seed(seed)
    inputs, targets = images(folder, "train-images"), idx(folder, "train-labels").long()
    shown, wanted = images(folder, "t10k-images"), idx(folder, "t10k-labels").long()
    net = network()
    first = [(layer.weight.detach().clone(), layer.bias.detach().clone()) for layer, _ in weights(net)]
    train(net, inputs, targets, fused)
    dense = accuracy(net, shown, wanted)
    trained = {name: value.clone() for name, value in net.state_dict().items()}
    once = []
    for _ in range(5):
        less(net)
        once.append(accuracy(net, shown, wanted))
    net = network()
    net.load_state_dict(trained)
    imp = []
    for _ in range(5):
        less(net)
        rewound(net, first)
        train(net, inputs, targets, fused)
        imp.append(accuracy(net, shown, wanted))
    print("dense %.2f" % dense)
    print("one-shot " + " ".join("%.2f" % each for each in once))
    print("imp " + " ".join("%.2f" % each for each in imp))


if __name__ == "__main__":
    arguments = [each for each in sys.argv[1:] if each != "--fused"]
    main(arguments[0], int(arguments[1]) if len(arguments) > 1 else 1, "--fused" in sys.argv or None)
    print(
        "torch %s, %d threads: %.1f s"
        % (torch.__version__, torch.get_num_threads(), time.perf_counter() - started)
    )
