"""Repeats work until there are enough timings, or it has taken long enough."""
import gc
import time

REPETITIONS = 5
LONG = 3.0  # seconds after which one timing is enough


def repeat(prepare, *numbers):
    """Times what `prepare` returns: a function, and one that is called before each call of it.

    The first call is not counted, unless it is so long that loading and first touches do not show.
    """
    prepared = prepare(*numbers)
    if prepared is None:
        return []
    work, before = prepared
    seconds = []
    for _ in range(REPETITIONS + 1):
        before()
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
        del result
        gc.collect()
        if seconds[-1] > LONG or sum(seconds) > 3 * LONG:
            break
    return seconds if len(seconds) == 1 else seconds[1:]


def nothing():
    pass
