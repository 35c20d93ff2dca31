"""Train the GRU on names on several processes at once.

::

    python -m rnn_lib.torch_distributed --epochs 3
    python -m torch.distributed.run --standalone --nproc-per-node 2 \\
        -m rnn_lib.torch_distributed --epochs 3

Both commands compute the same updates. Every process holds the whole model and
a share of each batch. DistributedDataParallel averages their gradients, so the
processes stay in step. After each epoch the first process writes a checkpoint.
If a process dies, the launcher stops the others. Started again with the same
arguments, the run goes on from the checkpoint; with another learning rate, it goes
on at that rate.
"""

from __future__ import annotations

import argparse
import contextlib
import os
from pathlib import Path

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from rnn_lib.names import load_names, pad_names, split_names
from rnn_lib.torch_names import NameGRU


def batches_of(epoch: int, count: int, batch_size: int) -> list[torch.Tensor]:
    """Return the rows of each batch of an epoch, the same in every process."""
    order = torch.randperm(count, generator=torch.Generator().manual_seed(epoch))
    return list(order.split(batch_size))


def share_of_loss(
    model: nn.Module,
    data: list[torch.Tensor],
    rows: torch.Tensor,
    rank: int,
    processes: int,
) -> torch.Tensor:
    """Return this process's part of a batch's mean loss, times `processes`.

    The mean is over all letters of the whole batch. DDP will divide the summed
    gradients by the number of processes; the factor undoes that. The mean of
    the processes' own means would be another number: their shares of the batch
    hold different numbers of letters.
    """
    inputs, targets, mask = data
    letters = mask[rows].sum()
    own = rows[rank::processes]
    logits = model(inputs[own])[mask[own]]
    total = nn.functional.cross_entropy(
        logits, targets[own][mask[own]], reduction="sum"
    )
    return total * processes / letters


def save(
    path: Path, epoch: int, model: nn.Module, optimizer: torch.optim.Optimizer
) -> None:
    """Write a checkpoint; a process that dies meanwhile leaves the old one whole."""
    parts = {
        "epoch": epoch,
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
    }
    torch.save(parts, path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)


def load(
    path: Path,
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    device: torch.device,
) -> int:
    """Read a checkpoint and return its epoch; 0 if there is none.

    The optimizer gets its moments from the checkpoint and keeps its learning rate.
    """
    if not path.exists():
        return 0
    parts = torch.load(path, map_location=device, weights_only=True)
    model.load_state_dict(parts["model"])
    rates = [group["lr"] for group in optimizer.param_groups]
    optimizer.load_state_dict(parts["optimizer"])  # the old learning rate too
    for group, rate in zip(optimizer.param_groups, rates, strict=True):
        group["lr"] = rate
    return parts["epoch"]


def train(
    args: argparse.Namespace, rank: int, processes: int, device: torch.device
) -> None:
    """Train from the last checkpoint, if there is one, to the last epoch."""
    torch.manual_seed(args.seed)  # the same first weights in every process
    plain = NameGRU(24, args.hidden_size, dropout=0.0).to(device, torch.float64)
    optimizer = torch.optim.Adam(plain.parameters(), lr=args.learning_rate)
    first = load(args.checkpoint, plain, optimizer, device)
    names = split_names(load_names()).train[: args.names]
    data = [torch.from_numpy(part).to(device) for part in pad_names(names)]
    model = DistributedDataParallel(plain) if processes > 1 else plain
    print(
        f"process {rank} of {processes}: pid {os.getpid()}, from epoch {first}",
        flush=True,
    )

    for epoch in range(first, args.epochs):
        losses = []
        for rows in batches_of(epoch, len(names), args.batch_size):
            optimizer.zero_grad()
            loss = share_of_loss(model, data, rows.to(device), rank, processes)
            loss.backward()  # with DDP, the gradients are averaged here
            nn.utils.clip_grad_norm_(plain.parameters(), 1.0)
            optimizer.step()
            losses.append(loss.detach())
        mean = torch.stack(losses).mean() / processes
        if processes > 1:
            dist.all_reduce(mean)
        if rank == 0:
            save(args.checkpoint, epoch + 1, plain, optimizer)
            print(f"epoch {epoch + 1}: {mean.item():.12f} nats per letter", flush=True)


def arguments() -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", type=Path, default=Path("names.pt"))
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch-size", type=int, default=64, help="of all processes")
    parser.add_argument("--hidden-size", type=int, default=128)
    parser.add_argument("--learning-rate", type=float, default=3e-3)
    parser.add_argument("--names", type=int, help="only so many names")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    args = parser.parse_args()
    for name in ("epochs", "batch_size", "hidden_size", "names"):
        value = getattr(args, name)
        if value is not None and value < 1:
            parser.error(
                f"--{name.replace('_', '-')}: expected at least 1, got {value}"
            )
    return args


def main() -> None:
    """Join the other processes, if there are any, and train."""
    args = arguments()
    processes = int(os.environ.get("WORLD_SIZE", "1"))
    rank = int(os.environ.get("RANK", "0"))
    if processes > args.batch_size:
        raise SystemExit(
            f"{processes} processes cannot share batches of {args.batch_size}"
        )
    device = torch.device("cpu")
    if args.device == "cuda":
        device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
        torch.cuda.set_device(device)
    with contextlib.ExitStack() as stack:
        if processes > 1:
            dist.init_process_group("nccl" if args.device == "cuda" else "gloo")
            stack.callback(dist.destroy_process_group)
        train(args, rank, processes, device)


if __name__ == "__main__":
    main()
