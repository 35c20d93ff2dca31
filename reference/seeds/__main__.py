"""Print the table: the smallest, the median and the largest value over the seeds."""

import os
import pkgutil
import sys
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module

import numpy as np

import reference.seeds as seeds


def load() -> None:
    """Import the modules of all chapters, which fills ``seeds.CLAIMS``."""
    for module in pkgutil.iter_modules(seeds.__path__):
        if module.name.startswith("chapter_"):
            import_module(f"reference.seeds.{module.name}")


def measure(place: int, seed: int) -> float:
    """Return the value of one claim for one seed."""
    load()
    return float(seeds.CLAIMS[place].measure(seed))


def main(chapters: set[int]) -> None:
    """Print one line for each claim of the chapters, of all if none is named."""
    load()
    chosen = [
        i
        for i, claim in enumerate(seeds.CLAIMS)
        if not chapters or claim.chapter in chapters
    ]
    print(f"{'':75}{'min':>10}{'median':>10}{'max':>10}   {len(seeds.SEEDS)} seeds")
    with ProcessPoolExecutor() as pool:
        runs = {i: [pool.submit(measure, i, s) for s in seeds.SEEDS] for i in chosen}
        for i, futures in runs.items():
            claim = seeds.CLAIMS[i]
            values = np.array([future.result() for future in futures])
            low, middle, high = np.min(values), np.median(values), np.max(values)
            name = f"{claim.chapter}  {claim.text}"
            print(f"{name:75}{low:10.4g}{middle:10.4g}{high:10.4g}", flush=True)


if __name__ == "__main__":
    os.environ["OMP_NUM_THREADS"] = "1"  # inherited by the processes of the pool
    main({int(chapter) for chapter in sys.argv[1:]})
