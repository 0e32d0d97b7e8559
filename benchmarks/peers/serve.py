"""Times PyTorch at the work of the benchmarks, as asked a line at a time on standard input.

Prints its version first (an empty line when there is no torch). A request is a name and numbers, such as
"global_unstructured 1000000"; the answer is the seconds of each repetition, or an empty line when it cannot.
"""
import sys

try:
    import torch
except ImportError:
    print(flush=True)
    sys.exit(0)

import timing
import calibration
import files
import pruning
import steps


def main():
    known = {}
    for module in (calibration, files, pruning, steps):
        known.update(module.WORK)
    print("PyTorch %s, %d threads" % (torch.__version__, torch.get_num_threads()), flush=True)
    for line in sys.stdin:
        name, *numbers = line.split()
        seconds = timing.repeat(known[name], *map(int, numbers)) if name in known else []
        print(*seconds, flush=True)


main()
