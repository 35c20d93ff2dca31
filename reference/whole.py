"""A recurrent network from nothing: the book on one page."""

import numpy as np


def start(K, H, seed):
    rng, s = np.random.default_rng(seed), 1 / np.sqrt(H)
    shapes = {"U": (H, K), "W": (H, H), "b": (H,), "V": (K, H), "c": (K,)}
    return {name: rng.uniform(-s, s, shape) for name, shape in shapes.items()}


def forward(p, x):
    N, T, _ = x.shape
    h = np.zeros((N, T, len(p["b"])))
    before = h[:, 0]  # h_{-1} = 0
    for t in range(T):
        before = np.tanh(x[:, t] @ p["U"].T + before @ p["W"].T + p["b"])
        h[:, t] = before
    return h @ p["V"].T + p["c"], h


def log_softmax(o):
    o = o - o.max(axis=-1, keepdims=True)
    return o - np.log(np.exp(o).sum(axis=-1, keepdims=True))


def loss(o, y):
    return -np.take_along_axis(log_softmax(o), y[..., None], axis=-1).mean()


def backward(p, x, y):
    o, h = forward(p, x)
    do = (np.exp(log_softmax(o)) - np.eye(o.shape[-1])[y]) / y.size
    dh, dz = np.zeros_like(h), np.zeros_like(h)
    from_next = 0  # what reaches h_t through h_{t+1}
    for t in reversed(range(h.shape[1])):
        dh[:, t] = do[:, t] @ p["V"] + from_next
        dz[:, t] = dh[:, t] * (1 - h[:, t] ** 2)
        from_next = dz[:, t] @ p["W"]
    before = np.concatenate([np.zeros_like(h[:, :1]), h[:, :-1]], axis=1)
    rows = "nti,ntj->ij"  # a sum over sequences and steps
    return {"do": do, "dh": dh, "dz": dz, "b": dz.sum((0, 1)), "c": do.sum((0, 1)),
            "U": np.einsum(rows, dz, x), "W": np.einsum(rows, dz, before),
            "V": np.einsum(rows, do, h)}  # fmt: skip


def train(p, x, y, updates=300, rate=0.01):
    m = {name: np.zeros_like(array) for name, array in p.items()}
    v = {name: np.zeros_like(array) for name, array in p.items()}
    for n in range(1, updates + 1):
        g = backward(p, x, y)
        for name in p:  # Adam
            m[name] = 0.9 * m[name] + 0.1 * g[name]
            v[name] = 0.999 * v[name] + 0.001 * g[name] ** 2
            step = m[name] / (1 - 0.9**n) / (np.sqrt(v[name] / (1 - 0.999**n)) + 1e-8)
            p[name] -= rate * step


def write(p, first, length, seed):
    rng, read = np.random.default_rng(seed), [first]
    for _ in range(length):
        o, _ = forward(p, np.eye(len(p["c"]))[[read]])
        read.append(int(rng.choice(len(p["c"]), p=np.exp(log_softmax(o[0, -1])))))
    return read[1:]
