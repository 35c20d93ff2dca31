"""Two processes compute what one computes, and a run survives a killed process."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from rnn_lib import torch_distributed  # noqa: E402

pytestmark = pytest.mark.slow

LAUNCH = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
LAUNCH += ["-m", "rnn_lib.torch_distributed"]
PATIENCE = 600  # seconds, on a busy machine
SMALL = ["--epochs", "3", "--names", "101", "--batch-size", "16", "--hidden-size", "8"]


def start(checkpoint: Path, *options: str) -> subprocess.Popen:
    """Start two processes."""
    environment = os.environ | {"GLOO_SOCKET_IFNAME": "lo", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, *LAUNCH, *options]
    return subprocess.Popen(
        [*command, "--checkpoint", str(checkpoint)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    )


def run(checkpoint: Path, *options: str) -> str:
    process = start(checkpoint, *options)
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, output
    return output


def run_alone(checkpoint: Path, *options: str) -> str:
    """Run it in this process."""
    words = ["names", *options, "--checkpoint", str(checkpoint)]
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()) as output:
        patch.setattr(sys, "argv", words)
        torch_distributed.main()
    return output.getvalue()


def losses(output: str) -> list[float]:
    return [float(x) for x in re.findall(r"epoch \d+: ([\d.]+) nats", output)]


def checkpoint(path: Path) -> dict:
    return torch.load(path, weights_only=True)


def largest_difference(one: dict, two: dict) -> float:
    """Return the largest difference between parameters and moments of Adam."""
    assert one["epoch"] == two["epoch"]
    assert set(one["model"]) == set(two["model"])
    pairs = [(one["model"][name], two["model"][name]) for name in one["model"]]
    for number, state in one["optimizer"]["state"].items():
        other = two["optimizer"]["state"][number]
        pairs += [(state[key], other[key]) for key in state]
    return max(float((a - b).abs().max()) for a, b in pairs)


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """Return losses and checkpoint of a run in one process."""
    path = tmp_path_factory.mktemp("alone") / "one.pt"
    return losses(run_alone(path, *SMALL)), checkpoint(path)


def test_two_processes_compute_what_one_computes(tmp_path, alone):
    output = run(tmp_path / "two.pt", *SMALL)
    assert "process 1 of 2" in output
    expected, parameters = alone
    assert len(expected) == 3
    assert expected[-1] < expected[0]
    assert losses(output) == pytest.approx(expected, abs=1e-10)
    assert largest_difference(checkpoint(tmp_path / "two.pt"), parameters) < 1e-10


def test_a_run_goes_on_from_its_checkpoint(tmp_path, alone):
    path = tmp_path / "resumed.pt"
    run_alone(path, *SMALL, "--epochs", "1")
    output = run_alone(path, *SMALL)
    assert "from epoch 1" in output
    assert losses(output) == alone[0][1:]
    assert largest_difference(checkpoint(path), alone[1]) == 0


def test_a_run_goes_on_at_the_learning_rate_it_is_given(tmp_path):
    path, weights = tmp_path / "names.pt", torch.ones(2, requires_grad=True)
    model = torch.nn.ParameterList([weights])

    def adam(rate: float) -> torch.optim.Adam:
        return torch.optim.Adam(model.parameters(), lr=rate)

    first, second = adam(0.5), adam(0.125)
    weights.sum().backward()
    first.step()
    torch_distributed.save(path, 3, model, first)
    assert torch_distributed.load(path, model, second, torch.device("cpu")) == 3
    assert second.param_groups[0]["lr"] == 0.125
    assert second.state_dict()["state"] == first.state_dict()["state"]


def wait_for(path: Path, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + PATIENCE
    while not path.exists():
        assert process.poll() is None, process.stdout.read()
        assert time.monotonic() < deadline, "no checkpoint"
        time.sleep(0.01)


def test_a_run_with_a_killed_process_stops_and_goes_on_when_started_again(tmp_path):
    options = [*SMALL, "--names", "600", "--epochs", "6"]
    run_alone(tmp_path / "whole.pt", *options)
    path = tmp_path / "killed.pt"
    process = start(path, *options)
    first_lines = [process.stdout.readline() for _ in range(2)]
    pids = re.findall(r"process 1 of 2: pid (\d+), from epoch 0", "".join(first_lines))
    assert pids, first_lines
    wait_for(path, process)
    os.kill(int(pids[0]), signal.SIGKILL)
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode != 0, output
    assert 1 <= checkpoint(path)["epoch"] < 6
    output = run(path, *options)
    resumed = re.search(r"process 1 of 2: pid \d+, from epoch (\d)", output)
    assert resumed, output
    assert 1 <= int(resumed[1]) < 6
    difference = largest_difference(checkpoint(path), checkpoint(tmp_path / "whole.pt"))
    assert difference < 1e-10
