"""Wrong answers to the exercises of chapter 6, from the questions and stubs alone."""

import numpy as np
import torch
from torch import nn

from tests.exercises.invented import collector

ANSWERS, wrong = collector()


# parameter_shapes


def shapes(K, H):
    return {
        "rnn.weight_ih_l0": (H, K),
        "rnn.weight_hh_l0": (H, H),
        "rnn.bias_ih_l0": (H,),
        "rnn.bias_hh_l0": (H,),
        "fc.weight": (K, H),
        "fc.bias": (K,),
    }


@wrong("parameter_shapes", "both matrices as (in, out)")
def _(K, H):
    return shapes(K, H) | {"rnn.weight_ih_l0": (K, H), "fc.weight": (H, K)}


@wrong("parameter_shapes", "fc.weight as (in, out)")
def _(K, H):
    return shapes(K, H) | {"fc.weight": (H, K)}


@wrong("parameter_shapes", "the input matrix as (in, out)")
def _(K, H):
    return shapes(K, H) | {"rnn.weight_ih_l0": (K, H)}


@wrong("parameter_shapes", "one bias only")
def _(K, H):
    found = shapes(K, H)
    del found["rnn.bias_hh_l0"]
    return found


@wrong("parameter_shapes", "biases as columns")
def _(K, H):
    return {n: s if len(s) == 2 else (*s, 1) for n, s in shapes(K, H).items()}


@wrong("parameter_shapes", "(H) for (H,)")
def _(K, H):
    return {
        "rnn.weight_ih_l0": (H, K),
        "rnn.weight_hh_l0": (H, H),
        "rnn.bias_ih_l0": (H),
        "rnn.bias_hh_l0": (H),
        "fc.weight": (K, H),
        "fc.bias": (K),
    }


@wrong("parameter_shapes", "names without the layer they are in")
def _(K, H):
    return {n.split(".")[1]: s for n, s in shapes(K, H).items()}


@wrong("parameter_shapes", "names without _l0")
def _(K, H):
    return {n.removesuffix("_l0"): s for n, s in shapes(K, H).items()}


@wrong("parameter_shapes", "our names")
def _(K, H):
    return {"U": (H, K), "W": (H, H), "b": (H,), "V": (K, H), "c": (K,)}


@wrong("parameter_shapes", "the numbers of the list, K = 26 and H = 128")
def _(K, H):
    return shapes(26, 128)


@wrong("parameter_shapes", "the output bias has H numbers")
def _(K, H):
    return shapes(K, H) | {"fc.bias": (H,)}


@wrong("parameter_shapes", "K and H swapped throughout")
def _(K, H):
    return shapes(H, K)


@wrong("parameter_shapes", "how many numbers in the place of the shape")
def _(K, H):
    return {n: int(np.prod(s)) for n, s in shapes(K, H).items()}


@wrong("parameter_shapes", "a list of shapes, without names")
def _(K, H):
    return list(shapes(K, H).values())


@wrong("parameter_shapes", "the shapes as text")
def _(K, H):
    return {n: str(s) for n, s in shapes(K, H).items()}


@wrong("parameter_shapes", "arrays of zeros in the place of their shapes")
def _(K, H):
    return {n: np.zeros(s) for n, s in shapes(K, H).items()}


@wrong("parameter_shapes", "the recurrent matrix as (H, K)")
def _(K, H):
    return shapes(K, H) | {"rnn.weight_hh_l0": (H, K)}


@wrong("parameter_shapes", "prints")
def _(K, H):
    for name, shape in shapes(K, H).items():
        print(name, shape)


# to_our_names


def ours(arrays):
    return {
        "U": arrays["rnn.weight_ih_l0"],
        "W": arrays["rnn.weight_hh_l0"],
        "b": arrays["rnn.bias_ih_l0"] + arrays["rnn.bias_hh_l0"],
        "V": arrays["fc.weight"],
        "c": arrays["fc.bias"],
    }


@wrong("to_our_names", "the first bias only")
def _(arrays):
    return ours(arrays) | {"b": arrays["rnn.bias_ih_l0"]}


@wrong("to_our_names", "the second bias only")
def _(arrays):
    return ours(arrays) | {"b": arrays["rnn.bias_hh_l0"]}


@wrong("to_our_names", "the mean of the biases")
def _(arrays):
    return ours(arrays) | {"b": ours(arrays)["b"] / 2}


@wrong("to_our_names", "twice the first bias")
def _(arrays):
    return ours(arrays) | {"b": 2 * arrays["rnn.bias_ih_l0"]}


@wrong("to_our_names", "adds the second bias to the model's own first one")
def _(arrays):
    b = arrays["rnn.bias_ih_l0"]
    b += arrays["rnn.bias_hh_l0"]
    return ours(arrays) | {"b": b}


@wrong("to_our_names", "U transposed")
def _(arrays):
    return ours(arrays) | {"U": arrays["rnn.weight_ih_l0"].T}


@wrong("to_our_names", "W transposed")
def _(arrays):
    return ours(arrays) | {"W": arrays["rnn.weight_hh_l0"].T}


@wrong("to_our_names", "all three matrices transposed")
def _(arrays):
    return {n: a.T for n, a in ours(arrays).items()}


@wrong("to_our_names", "U and W swapped: hh read as input to hidden")
def _(arrays):
    found = ours(arrays)
    return found | {"U": found["W"], "W": found["U"]}


@wrong("to_our_names", "U and V swapped")
def _(arrays):
    found = ours(arrays)
    return found | {"U": found["V"], "V": found["U"]}


@wrong("to_our_names", "b and c swapped")
def _(arrays):
    found = ours(arrays)
    return found | {"b": found["c"], "c": found["b"]}


@wrong("to_our_names", "the biases laid end to end")
def _(arrays):
    both = arrays["rnn.bias_ih_l0"], arrays["rnn.bias_hh_l0"]
    return ours(arrays) | {"b": np.concatenate(both)}


@wrong("to_our_names", "the biases as two rows")
def _(arrays):
    both = arrays["rnn.bias_ih_l0"], arrays["rnn.bias_hh_l0"]
    return ours(arrays) | {"b": np.stack(both)}


@wrong("to_our_names", "c forgotten")
def _(arrays):
    found = ours(arrays)
    del found["c"]
    return found


@wrong("to_our_names", "takes the arrays out of the dictionary")
def _(arrays):
    return {
        "U": arrays.pop("rnn.weight_ih_l0"),
        "W": arrays.pop("rnn.weight_hh_l0"),
        "b": arrays.pop("rnn.bias_ih_l0") + arrays.pop("rnn.bias_hh_l0"),
        "V": arrays.pop("fc.weight"),
        "c": arrays.pop("fc.bias"),
    }


@wrong("to_our_names", "tensors for arrays")
def _(arrays):
    return {n: torch.tensor(a) for n, a in ours(arrays).items()}


@wrong("to_our_names", "calls detach() on arrays")
def _(arrays):
    return {n: a.detach().numpy() for n, a in ours(arrays).items()}


@wrong("to_our_names", "five arrays, without names")
def _(arrays):
    return tuple(ours(arrays).values())


@wrong("to_our_names", "a sixth key for the second bias")
def _(arrays):
    both = {"b": arrays["rnn.bias_ih_l0"], "b2": arrays["rnn.bias_hh_l0"]}
    return ours(arrays) | both


# loss_of_probabilities


def given(probabilities, targets):
    """Return the probability of each right letter, (N, T)."""
    index = targets[..., np.newaxis]
    return np.take_along_axis(probabilities, index, axis=-1)[..., 0]


@wrong("loss_of_probabilities", "CrossEntropyLoss, which takes a softmax again")
def _(probabilities, targets):
    p, t = torch.from_numpy(probabilities), torch.from_numpy(targets)
    return nn.CrossEntropyLoss()(p.flatten(0, 1), t.flatten()).item()


@wrong("loss_of_probabilities", "NLLLoss of probabilities, without the logarithm")
def _(probabilities, targets):
    p, t = torch.from_numpy(probabilities), torch.from_numpy(targets)
    return nn.NLLLoss()(p.flatten(0, 1), t.flatten()).item()


@wrong("loss_of_probabilities", "sum for mean")
def _(probabilities, targets):
    return float(-np.log(given(probabilities, targets)).sum())


@wrong("loss_of_probabilities", "the sum of a row, mean over rows")
def _(probabilities, targets):
    return float(-np.log(given(probabilities, targets)).sum() / len(targets))


@wrong("loss_of_probabilities", "minus forgotten")
def _(probabilities, targets):
    return float(np.log(given(probabilities, targets)).mean())


@wrong("loss_of_probabilities", "mean before the logarithm")
def _(probabilities, targets):
    return float(-np.log(given(probabilities, targets).mean()))


@wrong("loss_of_probabilities", "1 - p for -log p")
def _(probabilities, targets):
    return float((1 - given(probabilities, targets)).mean())


@wrong("loss_of_probabilities", "bits")
def _(probabilities, targets):
    return float(-np.log2(given(probabilities, targets)).mean())


@wrong("loss_of_probabilities", "the mean over the letters too")
def _(probabilities, targets):
    K = probabilities.shape[-1]
    with np.errstate(divide="ignore"):
        logs = np.log(probabilities)
    return float(-np.where(np.eye(K)[targets] > 0, logs, 0.0).mean())


@wrong("loss_of_probabilities", "a tensor, without item()")
def _(probabilities, targets):
    p, t = torch.from_numpy(probabilities), torch.from_numpy(targets)
    return nn.NLLLoss()(p.log().flatten(0, 1), t.flatten())


@wrong("loss_of_probabilities", "one number for each row")
def _(probabilities, targets):
    return -np.log(given(probabilities, targets)).mean(axis=1)


@wrong("loss_of_probabilities", "axes swapped for NLLLoss by reshape")
def _(probabilities, targets):
    N, T, K = probabilities.shape
    logs = torch.from_numpy(probabilities).log().reshape(N, K, T)
    return nn.NLLLoss()(logs, torch.from_numpy(targets)).item()


@wrong("loss_of_probabilities", "NLLLoss given (N, T, K)")
def _(probabilities, targets):
    logs = torch.from_numpy(probabilities).log()
    return nn.NLLLoss()(logs, torch.from_numpy(targets)).item()


@wrong("loss_of_probabilities", "the entropy of the prediction")
def _(probabilities, targets):
    p = np.maximum(probabilities, 1e-300)
    return float(-(p * np.log(p)).sum(axis=-1).mean())


@wrong("loss_of_probabilities", "the letter it thinks likeliest, not the right one")
def _(probabilities, targets):
    return float(-np.log(probabilities.max(axis=-1)).mean())


@wrong("loss_of_probabilities", "the last step only")
def _(probabilities, targets):
    return float(-np.log(given(probabilities, targets)[:, -1]).mean())


@wrong("loss_of_probabilities", "the perplexity")
def _(probabilities, targets):
    return float(np.exp(-np.log(given(probabilities, targets)).mean()))


@wrong("loss_of_probabilities", "log(1 - p) of all other letters added")
def _(probabilities, targets):
    p, t = torch.from_numpy(probabilities), torch.from_numpy(targets)
    hot = nn.functional.one_hot(t, p.shape[-1]).double()
    return nn.BCELoss(reduction="sum")(p, hot).item() / t.numel()


@wrong("loss_of_probabilities", "indexes the first axis with the targets")
def _(probabilities, targets):
    return float(-np.log(probabilities[targets]).mean())


# rows_alone_agree


@wrong("rows_alone_agree", "x[n] is given without the axis of the batch")
def _(model, x):
    together = model(x)
    return all(np.allclose(model(x[n]), together[n]) for n in range(len(x)))


@wrong("rows_alone_agree", "tries the first row only")
def _(model, x):
    return bool(np.allclose(model(x[:1]), model(x)[:1]))


@wrong("rows_alone_agree", "tries the last row only")
def _(model, x):
    return bool(np.allclose(model(x[-1:]), model(x)[-1:]))


@wrong("rows_alone_agree", "tries the first and the last row")
def _(model, x):
    ends = slice(0, 1), slice(-1, None)
    return all(bool(np.allclose(model(x[n]), model(x)[n])) for n in ends)


@wrong("rows_alone_agree", "tries the second row only")
def _(model, x):
    return bool(np.allclose(model(x[1:2]), model(x)[1:2]))


@wrong("rows_alone_agree", "returns after the first row of its loop")
def _(model, x):
    together = model(x)
    for n in range(len(x)):
        return bool(np.allclose(model(x[n : n + 1])[0], together[n]))


@wrong("rows_alone_agree", "some row agrees")
def _(model, x):
    together = model(x)
    rows = range(len(x))
    return any(np.allclose(model(x[n : n + 1])[0], together[n]) for n in rows)


@wrong("rows_alone_agree", "says whether they differ")
def _(model, x):
    together = model(x)
    rows = range(len(x))
    return not all(np.allclose(model(x[n : n + 1])[0], together[n]) for n in rows)


@wrong("rows_alone_agree", "compares the likeliest letters only")
def _(model, x):
    alone = np.concatenate([model(x[n : n + 1]) for n in range(len(x))])
    return bool((alone.argmax(axis=-1) == model(x).argmax(axis=-1)).all())


@wrong("rows_alone_agree", "compares the means")
def _(model, x):
    alone = np.concatenate([model(x[n : n + 1]) for n in range(len(x))])
    return bool(np.isclose(alone.mean(), model(x).mean()))


@wrong("rows_alone_agree", "compares the shapes")
def _(model, x):
    alone = np.concatenate([model(x[n : n + 1]) for n in range(len(x))])
    return alone.shape == model(x).shape


@wrong("rows_alone_agree", "cuts steps for rows")
def _(model, x):
    T = x.shape[1]
    alone = np.concatenate([model(x[:, t : t + 1]) for t in range(T)], axis=1)
    return bool(np.allclose(alone, model(x)))


@wrong("rows_alone_agree", "turns the order of the rows round")
def _(model, x):
    return bool(np.allclose(model(x[::-1])[::-1], model(x)))


@wrong("rows_alone_agree", "compares every row with row 0 of the batch")
def _(model, x):
    together = model(x)
    rows = range(len(x))
    return all(np.allclose(model(x[n : n + 1])[0], together[0]) for n in rows)


@wrong("rows_alone_agree", "an array with one answer for each row")
def _(model, x):
    alone = np.concatenate([model(x[n : n + 1]) for n in range(len(x))])
    return np.isclose(alone, model(x)).all(axis=(1, 2))


@wrong("rows_alone_agree", "compares the last step only")
def _(model, x):
    alone = np.concatenate([model(x[n : n + 1]) for n in range(len(x))])
    return bool(np.allclose(alone[:, -1], model(x)[:, -1]))


@wrong("rows_alone_agree", "leaves out the last row: range(len(x) - 1)")
def _(model, x):
    together = model(x)
    rows = range(len(x) - 1)
    return all(np.allclose(model(x[n : n + 1])[0], together[n]) for n in rows)


@wrong("rows_alone_agree", "asks the same batch twice")
def _(model, x):
    return bool(np.array_equal(model(x), model(x)))


@wrong("rows_alone_agree", "prints the answer")
def _(model, x):
    alone = np.concatenate([model(x[n : n + 1]) for n in range(len(x))])
    print(np.allclose(alone, model(x)))


@wrong("rows_alone_agree", "a tolerance of 0.1")
def _(model, x):
    alone = np.concatenate([model(x[n : n + 1]) for n in range(len(x))])
    return bool(np.allclose(alone, model(x), rtol=0, atol=0.1))


# last_state_of_rows


@wrong("last_state_of_rows", "h_n[:, -1]: the last row, in every layer")
def _(h_n):
    return h_n[:, -1]


@wrong("last_state_of_rows", "the first layer")
def _(h_n):
    return h_n[0]


@wrong("last_state_of_rows", "squeeze()")
def _(h_n):
    return h_n.squeeze()


@wrong("last_state_of_rows", "squeeze(0), for one layer only")
def _(h_n):
    return h_n.squeeze(0)


@wrong("last_state_of_rows", "keeps the axis of the layers")
def _(h_n):
    return h_n[-1:]


@wrong("last_state_of_rows", "the last row of the last layer")
def _(h_n):
    return h_n[-1][-1]


@wrong("last_state_of_rows", "the mean of the layers")
def _(h_n):
    return h_n.mean(axis=0)


@wrong("last_state_of_rows", "the sum of the layers")
def _(h_n):
    return h_n.sum(axis=0)


@wrong("last_state_of_rows", "batch first, all layers kept")
def _(h_n):
    return h_n.transpose(1, 0, 2)


@wrong("last_state_of_rows", "batch first, then step -1 of each: reshape for transpose")
def _(h_n):
    layers, N, H = h_n.shape
    return h_n.reshape(N, layers, H)[:, -1]


@wrong("last_state_of_rows", "the last layer, transposed")
def _(h_n):
    return h_n[-1].T


@wrong("last_state_of_rows", "the last unit")
def _(h_n):
    return h_n[:, :, -1]


@wrong("last_state_of_rows", "the second layer, whatever their number")
def _(h_n):
    return h_n[1]


@wrong("last_state_of_rows", "a tensor")
def _(h_n):
    return torch.from_numpy(h_n)[-1]


@wrong("last_state_of_rows", "a list")
def _(h_n):
    return h_n[-1].tolist()


@wrong("last_state_of_rows", "all layers side by side")
def _(h_n):
    return np.concatenate(list(h_n), axis=-1)


@wrong("last_state_of_rows", "reshape(N, H), for one layer only")
def _(h_n):
    return h_n.reshape(h_n.shape[1], h_n.shape[2])


# loss_time_first


def log_softmax(logits):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def picked(logits, targets):
    """Return the log-probability of each right letter, (N, T)."""
    return given(log_softmax(logits.transpose(1, 0, 2)), targets)


@wrong("loss_time_first", "flattens both as they are")
def _(logits, targets):
    o, t = torch.from_numpy(logits), torch.from_numpy(targets)
    return nn.CrossEntropyLoss()(o.flatten(0, 1), t.flatten()).item()


@wrong("loss_time_first", "view for transpose, of the logits")
def _(logits, targets):
    T, N, K = logits.shape
    o, t = torch.from_numpy(logits).view(N, T, K), torch.from_numpy(targets)
    return nn.CrossEntropyLoss()(o.flatten(0, 1), t.flatten()).item()


@wrong("loss_time_first", "reshape for transpose, of the targets")
def _(logits, targets):
    T, N, _ = logits.shape
    logs = given(log_softmax(logits), targets.reshape(T, N))
    return float(-logs.mean())


@wrong("loss_time_first", "transposes both, so that they differ again")
def _(logits, targets):
    o = torch.from_numpy(logits).transpose(0, 1)
    t = torch.from_numpy(targets).T
    return nn.CrossEntropyLoss()(o.flatten(0, 1), t.flatten()).item()


@wrong("loss_time_first", "transposes axes 1 and 2 and not 0 and 1")
def _(logits, targets):
    o, t = torch.from_numpy(logits).transpose(1, 2), torch.from_numpy(targets)
    return nn.CrossEntropyLoss()(o, t).item()


@wrong("loss_time_first", "batch first, but the classes stay on axis 2")
def _(logits, targets):
    o, t = torch.from_numpy(logits).transpose(0, 1), torch.from_numpy(targets)
    return nn.CrossEntropyLoss()(o, t).item()


@wrong("loss_time_first", "sum for mean")
def _(logits, targets):
    return float(-picked(logits, targets).sum())


@wrong("loss_time_first", "sum over a row, mean over rows")
def _(logits, targets):
    return float(-picked(logits, targets).sum() / len(targets))


@wrong("loss_time_first", "minus forgotten")
def _(logits, targets):
    return float(picked(logits, targets).mean())


@wrong("loss_time_first", "the logits themselves for log-probabilities")
def _(logits, targets):
    o, t = torch.from_numpy(logits).transpose(0, 1), torch.from_numpy(targets)
    return nn.NLLLoss()(o.flatten(0, 1), t.flatten()).item()


@wrong("loss_time_first", "softmax before CrossEntropyLoss")
def _(logits, targets):
    o, t = torch.from_numpy(logits).transpose(0, 1), torch.from_numpy(targets)
    p = o.softmax(dim=2)
    return nn.CrossEntropyLoss()(p.flatten(0, 1), t.flatten()).item()


@wrong("loss_time_first", "softmax over time")
def _(logits, targets):
    o, t = torch.from_numpy(logits).transpose(0, 1), torch.from_numpy(targets)
    logs = o.log_softmax(dim=1)
    return nn.NLLLoss()(logs.flatten(0, 1), t.flatten()).item()


@wrong("loss_time_first", "a tensor, without item()")
def _(logits, targets):
    o, t = torch.from_numpy(logits).transpose(0, 1), torch.from_numpy(targets)
    return nn.CrossEntropyLoss()(o.flatten(0, 1), t.flatten())


@wrong("loss_time_first", "bits")
def _(logits, targets):
    return float(-picked(logits, targets).mean() / np.log(2))


@wrong("loss_time_first", "exp of large logits overflows")
def _(logits, targets):
    o = logits.transpose(1, 0, 2)
    with np.errstate(over="ignore", invalid="ignore"):
        p = np.exp(o) / np.exp(o).sum(axis=-1, keepdims=True)
        return float(-np.log(given(p, targets)).mean())


@wrong("loss_time_first", "the first row only")
def _(logits, targets):
    return float(-picked(logits, targets)[0].mean())


@wrong("loss_time_first", "one number for each row")
def _(logits, targets):
    return -picked(logits, targets).mean(axis=1)


@wrong("loss_time_first", "all three axes turned round")
def _(logits, targets):
    o, t = torch.from_numpy(logits.T.copy()), torch.from_numpy(targets)
    return nn.CrossEntropyLoss()(o.flatten(0, 1), t.flatten()).item()


@wrong("loss_time_first", "the mean over the letters too")
def _(logits, targets):
    return float(-picked(logits, targets).mean() / logits.shape[-1])


# What a second reader did


@wrong("to_our_names", "U and V turned")
def _(arrays):
    return {
        "U": arrays["rnn.weight_ih_l0"].T,
        "W": arrays["rnn.weight_hh_l0"],
        "b": arrays["rnn.bias_ih_l0"] + arrays["rnn.bias_hh_l0"],
        "V": arrays["fc.weight"].T,
        "c": arrays["fc.bias"],
    }


@wrong("to_our_names", "the biases multiplied")
def _(arrays):
    return {
        "U": arrays["rnn.weight_ih_l0"],
        "W": arrays["rnn.weight_hh_l0"],
        "b": arrays["rnn.bias_ih_l0"] * arrays["rnn.bias_hh_l0"],
        "V": arrays["fc.weight"],
        "c": arrays["fc.bias"],
    }


@wrong("to_our_names", "the dictionary emptied")
def _(arrays):
    return {
        "U": arrays.pop("rnn.weight_ih_l0"),
        "W": arrays.pop("rnn.weight_hh_l0"),
        "b": arrays.pop("rnn.bias_ih_l0") + arrays.pop("rnn.bias_hh_l0"),
        "V": arrays.pop("fc.weight"),
        "c": arrays.pop("fc.bias"),
    }


@wrong("loss_of_probabilities", "the entropy, with 0 times ln 0")
def _(probabilities, targets):
    return float(-(probabilities * np.log(probabilities)).sum(axis=-1).mean())


@wrong("loss_of_probabilities", "the mean over the letters as well")
def _(probabilities, targets):
    wanted = np.eye(probabilities.shape[-1])[targets]
    return float(-(wanted * np.log(probabilities)).mean())


@wrong("loss_of_probabilities", "the letters of all positions")
def _(probabilities, targets):
    return float(-np.log(probabilities[:, :, targets]).mean())


@wrong("loss_of_probabilities", "the losses are returned")
def _(probabilities, targets):
    picked = np.take_along_axis(probabilities, targets[..., None], axis=-1)
    return -np.log(picked[..., 0])


@wrong("loss_of_probabilities", "two indices side by side")
def _(probabilities, targets):
    N, T = targets.shape
    return float(-np.log(probabilities[np.arange(N), np.arange(T), targets]).mean())


@wrong("rows_alone_agree", "compares to the last digit")
def _(model, x):
    together = model(x)
    return all((model(x[n : n + 1])[0] == together[n]).all() for n in range(len(x)))


@wrong("rows_alone_agree", "all rows but the first")
def _(model, x):
    y = model(x)
    return all(np.allclose(model(x[n : n + 1])[0], y[n]) for n in range(1, len(x)))


@wrong("rows_alone_agree", "all rows but the first and the last")
def _(model, x):
    y = model(x)
    return all(np.allclose(model(x[n : n + 1])[0], y[n]) for n in range(1, len(x) - 1))


@wrong("rows_alone_agree", "time first")
def _(model, x):
    return np.allclose(model(x), model(x.swapaxes(0, 1)).swapaxes(0, 1))


@wrong("last_state_of_rows", "the first row")
def _(h_n):
    return h_n[:, 0]


@wrong("last_state_of_rows", "all layers, one below the other")
def _(h_n):
    return h_n.reshape(-1, h_n.shape[-1])


@wrong("loss_time_first", "the last step only")
def _(logits, targets):
    last, answers = torch.from_numpy(logits)[-1], torch.from_numpy(targets)[:, -1]
    return nn.functional.cross_entropy(last, answers).item()


@wrong("loss_time_first", "the classes on another axis")
def _(logits, targets):
    scores = torch.from_numpy(logits).transpose(0, 1)
    return nn.functional.cross_entropy(scores, torch.from_numpy(targets)).item()


@wrong("loss_time_first", "view after a transpose")
def _(logits, targets):
    scores = torch.from_numpy(logits).transpose(0, 1)
    flat = scores.view(-1, scores.shape[-1])
    return nn.functional.cross_entropy(flat, torch.from_numpy(targets).view(-1)).item()


@wrong("loss_time_first", "arrays given to PyTorch")
def _(logits, targets):
    return nn.functional.cross_entropy(logits.swapaxes(0, 1), targets).item()


@wrong("loss_time_first", "the mean of the probabilities, without a logarithm")
def _(logits, targets):
    p = torch.from_numpy(logits).transpose(0, 1).softmax(-1)
    return -p.gather(2, torch.from_numpy(targets)[..., None]).mean().item()
