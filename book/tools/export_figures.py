"""Write the numbers that the figures to play with start from.

    python book/tools/export_figures.py          write book/figures/data/*.json
    python book/tools/export_figures.py --train  train the network of names anew

The figures compute the rest in the page. The numbers of the small network that
writes names are rounded and kept, because training gives others on another machine.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from rnn_lib import Adam, VanillaRNN, evaluate, ladder, one_hot, tiny_network, train
from rnn_lib.data import INPUT_ROWS, TARGET_ROWS
from rnn_lib.examples import TINY_INPUT, TINY_TARGET, TINY_VOCABULARY
from rnn_lib.memory import gradient_norms, spectral_radius
from rnn_lib.tasks import recall

FOLDER = Path(__file__).resolve().parents[1] / "figures" / "data"
RADII = [round(0.5 + 0.05 * i, 2) for i in range(21)]
LAGS = 80
NAME_UNITS = 32


def as_lists(parameters: dict[str, np.ndarray]) -> dict[str, list]:
    """Return arrays as lists of numbers."""
    return {name: array.tolist() for name, array in parameters.items()}


def tiny() -> dict:
    """Return the network of two units and three letters, and what it reads."""
    return {
        "symbols": "".join(TINY_VOCABULARY.symbols),
        "input": TINY_INPUT,
        "target": TINY_TARGET,
        "parameters": as_lists(tiny_network().parameters),
    }


def rows_and_ladder() -> dict:
    """Return the five rows with their targets, and the rungs of the ladder."""
    floors = ladder(INPUT_ROWS, TARGET_ROWS)
    return {
        "inputs": INPUT_ROWS,
        "targets": TARGET_ROWS,
        "ladder": {name: rung.loss for name, rung in floors.items()},
    }


def measured_lags(start: str, radius: float) -> np.ndarray:
    """Return log10 of the length of dL/dh at each lag, as a share of lag 0.

    The networks and the data are those of the chapter on long memory, with W
    scaled to the spectral radius.
    """
    task = recall(64, LAGS, seed=1)
    network = VanillaRNN(4, 32, initialization=start, seed=0)
    network.hidden_layer.W *= radius / spectral_radius(network.hidden_layer.W)
    norms = gradient_norms(network, task.x, task.targets[:, 0])[::-1]
    return np.log10(norms / norms[0])


def lags() -> dict:
    """Return what was measured, for each start and each spectral radius."""
    measured = {
        start: [(measured_lags(start, r).round(3) + 0.0).tolist() for r in RADII]
        for start in ("orthogonal", "uniform")
    }
    return {"radii": RADII, "measured": measured}


def train_on_names() -> dict:
    """Train a small network on the training names of chapter 8; return it, rounded."""
    from rnn_lib.names import load_names, pad_names, split_names

    split = split_names(load_names(), seed=1)
    network = VanillaRNN(27, NAME_UNITS, initialization="orthogonal", seed=0)
    optimizer, rng = Adam(), np.random.default_rng(0)
    data = {}
    for part in ("train", "validation"):
        inputs, targets, mask = pad_names(getattr(split, part))
        data[part] = one_hot(inputs, 27), targets, mask
    x, targets, mask = data["train"]
    for epoch in range(40):
        optimizer.learning_rate = 0.005 * (1 + np.cos(np.pi * epoch / 40))
        train(
            network,
            x,
            targets,
            mask=mask,
            optimizer=optimizer,
            epochs=1,
            batch_size=64,
            max_norm=1.0,
            shuffle=True,
            seed=rng,
        )
    rounded = {name: array.round(3) for name, array in network.parameters.items()}
    network.set_parameters(rounded)
    loss = evaluate(network, *data["validation"])[0]
    print(f"loss on the validation names: {loss:.4f}")
    return {"symbols": ".ABCDEFGHIJKLMNOPQRSTUVWXYZ", "parameters": as_lists(rounded)}


def everything() -> dict[str, dict]:
    """Return the data of each figure that is computed without training."""
    return {
        "rnn-forward": tiny(),
        "rnn-backward": tiny(),
        "rnn-lag": lags(),
        "rnn-ladder": rows_and_ladder(),
    }


def write(name: str, data: dict) -> None:
    """Write the data of one figure."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    (FOLDER / f"{name}.json").write_text(text + "\n", "utf-8")


def main() -> None:
    """Write what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--train", action="store_true", help="train on names anew")
    arguments = parser.parse_args()
    for name, data in everything().items():
        write(name, data)
    if arguments.train:
        write("rnn-temperature", train_on_names())


if __name__ == "__main__":
    main()
