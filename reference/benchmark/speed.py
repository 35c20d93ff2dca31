"""How fast is VanillaRNN? Prints times and ratios; `--save` stores them.

    python reference/benchmark/speed.py           # print
    python reference/benchmark/speed.py --save    # print, and write results.json

What is compared runs in one process, in turns (A B A B ...), and the median of
many runs counts, so that a busy machine slows all of it alike. The number of
threads has to be set before NumPy starts; the script therefore starts itself
again for each number of threads.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

RESULTS = Path(__file__).with_name("results.json")
SIZES = [
    (1, 26, 26, 128),
    (5, 26, 26, 128),
    (32, 26, 26, 128),
    (32, 64, 96, 256),
    (64, 128, 96, 512),
    (1, 1000, 26, 128),
]


def medians(functions: dict[str, Callable], seconds: float) -> dict[str, float]:
    """Return the median time of each function in seconds, run in turns.

    Threads of the library that ran before go on waiting for work for a while,
    and slow down whoever comes next. So each turn begins with a pause and a
    call that is not timed.
    """
    times: dict[str, list[float]] = {name: [] for name in functions}
    end = time.perf_counter() + seconds * len(functions)
    while time.perf_counter() < end or len(times[next(iter(times))]) < 7:
        for name, function in functions.items():
            time.sleep(0.002)
            function()
            start = time.perf_counter()
            function()
            times[name].append(time.perf_counter() - start)
    return {name: sorted(t)[len(t) // 2] for name, t in times.items()}


def numpy_functions(N: int, T: int, K: int, H: int) -> dict[str, Callable]:
    """Return training step, inference and bare matrix products in NumPy."""
    import numpy as np

    from rnn_lib import Adam, VanillaRNN, clip_by_norm

    x, targets = make_data(N, T, K)
    network = VanillaRNN(K, H, dtype=np.float32)
    optimizer = Adam(1e-3)

    def step() -> None:
        network.loss(x, targets)
        gradients, _ = clip_by_norm(network.backward(), 1.0)
        optimizer.step(network.parameters, gradients)

    rng = np.random.default_rng(0)
    rows_x, rows_h, rows_o = (
        rng.standard_normal((N * T, size), dtype=np.float32) for size in (K, H, K)
    )
    h = rows_h[:N].copy()
    U, W, _, V, _ = (array.copy() for array in network.parameters.values())
    W_T = W.T.copy()  # as in HiddenLayer

    def forward_products() -> None:
        rows_x @ U.T
        for _ in range(T):
            h @ W_T
        rows_h @ V.T

    def products() -> None:
        forward_products()
        rows_o.T @ rows_h
        rows_o @ V
        for _ in range(T):
            h @ W
        rows_h.T @ rows_h
        rows_h.T @ rows_x

    return {
        "step": step,
        "inference": lambda: network.forward(x),
        "step products": products,
        "inference products": forward_products,
    }


def torch_functions(N: int, T: int, K: int, H: int) -> dict[str, Callable]:
    """Return training step and inference of the same network in PyTorch."""
    import numpy as np
    import torch

    from rnn_lib import VanillaRNN
    from rnn_lib.torch_twin import to_torch

    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    x, targets = make_data(N, T, K)
    x, targets = torch.from_numpy(x), torch.from_numpy(targets).reshape(-1)
    model = to_torch(VanillaRNN(K, H, dtype=np.float32))
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam(parameters, lr=1e-3)

    def step() -> None:
        optimizer.zero_grad()
        logits, _ = model(x)
        loss = torch.nn.functional.cross_entropy(logits.reshape(-1, K), targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()

    def inference() -> None:
        with torch.inference_mode():
            model(x)

    return {"step": step, "inference": inference}


def make_data(N: int, T: int, K: int):
    """Return random one-hot inputs (N, T, K) in float32 and targets (N, T)."""
    import numpy as np

    from rnn_lib import one_hot

    rng = np.random.default_rng(1)
    x = one_hot(rng.integers(0, K, (N, T)), K, np.float32)
    return x, rng.integers(0, K, (N, T))


def compare_with_torch(seconds: float) -> list[dict]:
    """Time step and inference at every size, against PyTorch and the products."""
    rows = []
    for size in SIZES:
        ours, theirs = numpy_functions(*size), torch_functions(*size)
        row: dict = {"size": size}
        for what in ("step", "inference"):
            functions = {
                "numpy": ours[what],
                "torch": theirs[what],
                "products": ours[f"{what} products"],
            }
            row[what] = medians(functions, seconds)
        rows.append(row)
        t = row["step"]
        i = row["inference"]
        print(
            f"{size!s:20} step {1e3 * t['numpy']:8.2f} ms, torch/NumPy "
            f"{t['torch'] / t['numpy']:5.2f}, NumPy/products "
            f"{t['numpy'] / t['products']:5.2f} | inference "
            f"{1e3 * i['numpy']:7.2f} ms, torch/NumPy {i['torch'] / i['numpy']:5.2f}",
            flush=True,
        )
    return rows


def compare_with_original(seconds: float) -> dict:
    """Time loss and gradients on the five sequences against the original layers."""
    import numpy as np
    from original_layers import OriginalRNN

    from rnn_lib import VanillaRNN, load_five_sequences

    x, targets = load_five_sequences(np.float32)
    network = VanillaRNN(26, 128, dtype=np.float32)
    original = OriginalRNN(network)

    def ours() -> None:
        network.loss(x, targets)
        network.backward()

    functions = {"numpy": ours, "original": lambda: original.gradients(x, targets)}
    times = medians(functions, seconds)
    ratio = times["original"] / times["numpy"]
    print(f"five sequences, loss and gradients: original/NumPy {ratio:.1f}")
    return times


def scaling(seconds: float) -> dict:
    """Time a step while one size grows, and fit the exponent of the growth."""
    import numpy as np

    series = {
        "N": [(n, 64, 96, 256) for n in (16, 32, 64, 128, 256)],
        "T": [(32, t, 96, 256) for t in (16, 32, 64, 128, 256)],
        "H": [(32, 64, 96, h) for h in (128, 256, 512, 1024)],
    }
    found = {}
    for axis, sizes in series.items():
        functions = {str(s["NTKH".index(axis)]): numpy_functions(*s) for s in sizes}
        steps = {name: f["step"] for name, f in functions.items()}
        products = {name: f["step products"] for name, f in functions.items()}
        found[axis] = {
            "sizes": sizes,
            "values": [int(name) for name in steps],
            "numpy": list(medians(steps, seconds).values()),
            "products": list(medians(products, seconds).values()),
        }
        logs = np.log(found[axis]["values"])
        for what in ("numpy", "products"):
            slope = np.polyfit(logs, np.log(found[axis][what]), 1)[0]
            found[axis][f"{what} exponent"] = float(slope)
            print(f"time of {what:8} grows as {axis}^{slope:.2f}")
    return found


def compare_parts(seconds: float) -> list[dict]:
    """Time the four parts of a training step at every size."""
    import numpy as np

    from rnn_lib import Adam, VanillaRNN, clip_by_norm

    rows = []
    for size in SIZES:
        N, T, K, H = size
        x, targets = make_data(N, T, K)
        network, optimizer = VanillaRNN(K, H, dtype=np.float32), Adam(1e-3)
        network.loss(x, targets)
        gradients = network.backward()
        parts = {
            "loss": partial(network.loss, x, targets),
            "backward": network.backward,
            "clip": partial(clip_by_norm, gradients, 1.0),
            "update": partial(optimizer.step, network.parameters, gradients),
        }
        times = medians(parts, seconds)
        rows.append({"size": size, **times})
        total = sum(times.values())
        shares = ", ".join(f"{k} {100 * t / total:.0f} %" for k, t in times.items())
        print(f"{size!s:20} {shares}", flush=True)
    return rows


def machine_constants(seconds: float) -> dict[str, float]:
    """Measure the constants of the cost model, in float32.

    Seconds of one step of training in which every size is 1; of one more
    position in the sequence; of one operation of a large matrix product; and
    of one element of tanh and of an update by Adam.
    """
    import numpy as np

    from rnn_lib import Adam

    side, long = 512, 401
    a = np.random.default_rng(0).standard_normal((side, side), dtype=np.float32)
    array = {"a": a.copy()}
    functions = {
        "short": numpy_functions(1, 1, 2, 1)["step"],
        "long": numpy_functions(1, long, 2, 1)["step"],
        "product": lambda: a @ a,
        "tanh": lambda: np.tanh(a),
        "update": partial(Adam(1e-3).step, array, {"a": a}),
    }
    t = medians(functions, seconds)
    constants = {
        "fixed": t["short"],
        "per position": (t["long"] - t["short"]) / (long - 1),
        "per operation": t["product"] / (2 * side**3),
        "per tanh": t["tanh"] / a.size,
        "per updated number": t["update"] / a.size,
    }
    for name, value in constants.items():
        print(f"{name:20} {1e9 * value:12.3f} ns")
    return constants


def measure(threads: int, seconds: float) -> dict:
    """Run everything with the number of threads that the environment asks for."""
    print(f"--- {threads} thread{'s' if threads > 1 else ''}")
    result = {"threads": threads, "sizes": compare_with_torch(seconds)}
    if threads == 1:
        result["original"] = compare_with_original(seconds)
        result["scaling"] = scaling(seconds / 2)
        result["parts"] = compare_parts(seconds / 4)
        result["constants"] = machine_constants(seconds)
    return result


def processor() -> str:
    """Return the processor's name where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(
            x.split(":")[1].strip() for x in lines if x.startswith("model name")
        )
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def describe_machine() -> dict:
    """Return where and when the numbers were measured."""
    import numpy as np
    import torch

    return {
        "date": datetime.date.today().isoformat(),
        "processor": processor(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "torch": torch.__version__,
    }


def main() -> None:
    """Start one process per number of threads and collect what they measure."""
    parser = argparse.ArgumentParser(description="How fast is VanillaRNN?")
    parser.add_argument("--save", action="store_true", help=f"write {RESULTS.name}")
    parser.add_argument("--seconds", type=float, default=2.0, help="per function")
    parser.add_argument("--threads", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--output", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.threads:
        result = measure(args.threads, args.seconds)
        Path(args.output).write_text(json.dumps(result))
        return
    runs = []
    for threads in sorted({1, os.cpu_count() or 1}):
        part = RESULTS.with_name(f".part-{threads}.json")
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        environment = os.environ | {name: str(threads) for name in names}
        for choice in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
            environment.pop(
                choice, None
            )  # NumPy's library fits itself to the processor
        command = [sys.executable, __file__, "--threads", str(threads)]
        command += ["--seconds", str(args.seconds), "--output", str(part)]
        subprocess.run(command, env=environment, check=True)
        runs.append(json.loads(part.read_text()))
        part.unlink()
    if args.save:
        results = {"machine": describe_machine(), "runs": runs}
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
