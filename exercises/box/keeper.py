"""Keep the cases of an exercise in another process than the submission.

The keeper holds all arguments. The submission's process asks for those of one case
after its code is loaded. Data come as copies. A function or a network stays with the
keeper, so that nobody can look inside; what comes is a stand-in, which sends each call
over a line, and the weights with it.
"""

import builtins
import importlib
import sys
from collections.abc import Callable

import numpy as np

from exercises.box import runner, wire

METHODS = ("__call__", "forward", "loss", "backward")


class Line:
    """Messages over a socket, both ways."""

    def __init__(self, socket) -> None:
        self._socket = socket
        self._buffer = b""

    def send(self, message: dict) -> None:
        """Send one message."""
        self._socket.sendall(wire.dumps(message))

    def receive(self) -> dict | None:
        """Return the next message; None if the other side has hung up."""
        while b"\n" not in self._buffer:
            wire.need(len(self._buffer) <= wire.MAX_LINE, "a line that is too long")
            block = self._socket.recv(2**20)
            if not block:
                return None
            self._buffer += block
        line, self._buffer = self._buffer.split(b"\n", 1)
        return wire.loads(line)

    def ask(self, **message: object) -> dict:
        """Send a message and return the answer."""
        self.send(message)
        answer = self.receive()
        if answer is None:
            raise EOFError("the keeper of the cases is gone")
        return answer


# The keeper's side -----------------------------------------------------------


class Keeper:
    """Answers what the submission's process asks.

    Parameters
    ----------
    private : dict
        "library", the folder for the submission's imports; "whole", that of the whole
        library; "cases"; and "prepare", the name of a function or "".
    """

    def __init__(self, private: dict) -> None:
        self.private = private
        self.prepare: Callable | None = None
        self.objects: list = []

    def serve(self, line: Line) -> None:
        """Answer until the other side hangs up."""
        while (message := line.receive()) is not None:
            if message.get("ask") == "library":
                line.send({"library": self.private["library"]})
            elif message.get("ask") == "case":
                line.send(self.case(message.get("number")))
            else:
                line.send(self.call(message))

    def case(self, number: object) -> dict:
        """Return the arguments of a case, None in the place of what is no data."""
        cases = self.private["cases"]
        if type(number) is not int or not 0 <= number < len(cases):
            return {}
        packed, read_only = cases[number]
        args = wire.unpack(packed)
        given = self.prepared(args)
        self.objects = [None if a is b else b for a, b in zip(args, given, strict=True)]
        pairs = zip(args, self.objects, strict=True)
        data = tuple(a if b is None else None for a, b in pairs)
        far = [None if o is None else wire.pack(weights(o)) for o in self.objects]
        return {"args": wire.pack(data), "read_only": read_only, "far": far}

    def prepared(self, args: tuple) -> tuple:
        """Return what the function of the exercise is called with."""
        if not self.private["prepare"]:
            return args
        if self.prepare is None:
            sys.path.insert(0, self.private["whole"])
            module, name = self.private["prepare"].split(":")
            self.prepare = getattr(importlib.import_module(module), name)
        return self.prepare(*args)

    def call(self, message: dict) -> dict:
        """Call a method of one of the objects; report an error instead of raising."""
        try:
            place, method = message.get("object"), message.get("method")
            wire.need(type(place) is int and method in METHODS, "no such method")
            one = self.objects[place]
            for name, array in wire.unpack(message["weights"]).items():
                one.parameters[name][...] = array
            before = marks(weights(one))
            value = getattr(one, method)(*wire.unpack(message["args"]))
            changed = changed_since(before, weights(one))
            return {"value": wire.pack(runner.plain(value)), "weights": changed}
        except Exception as error:
            return {"error": [runner.type_name(error), runner.safe_text(error)]}


def weights(one: object) -> dict[str, np.ndarray]:
    """Return the arrays of a network; a function has none."""
    return dict(getattr(one, "parameters", {}))


def marks(arrays: dict[str, np.ndarray]) -> dict[str, bytes]:
    """Return what tells whether arrays have changed."""
    return {name: array.tobytes() for name, array in arrays.items()}


def changed_since(before: dict[str, bytes], arrays: dict[str, np.ndarray]) -> list:
    """Return those of the arrays that have changed, packed."""
    new = {name: a for name, a in arrays.items() if a.tobytes() != before[name]}
    return wire.pack(runner.plain(new))


# The submission's side -------------------------------------------------------


class _Far:
    """Stands for an object that the keeper has."""

    def __init__(self, line: Line, place: int, packed: list) -> None:
        self._line, self._place = line, place
        self._weights = wire.unpack(packed)
        self._known = marks(self._weights)

    def _call(self, method: str, *args: object) -> object:
        answer = self._line.ask(
            object=self._place,
            method=method,
            args=wire.pack(runner.plain(args)),
            weights=changed_since(self._known, self._weights),
        )
        if "error" in answer:
            kind, message = answer["error"]
            known = getattr(builtins, kind, None)
            usual = isinstance(known, type) and issubclass(known, Exception)
            raise (known if usual else RuntimeError)(message)
        for name, array in wire.unpack(answer["weights"]).items():
            self._weights[name][...] = array
        self._known = marks(self._weights)
        return wire.unpack(answer["value"])


class FarFunction(_Far):
    """A function that runs where the keeper is."""

    def __call__(self, *args: object) -> object:
        """Return what the function returns."""
        return self._call("__call__", *args)


class FarNetwork(_Far):
    """A network that runs where the keeper is; its weights are here."""

    @property
    def parameters(self) -> dict[str, np.ndarray]:
        """The weights: the arrays themselves, which may be changed."""
        return dict(self._weights)

    def forward(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the logits and the final state."""
        return self._call("forward", x)

    def loss(self, *args: object) -> float:
        """Return the loss."""
        return self._call("loss", *args)

    def backward(self) -> dict[str, np.ndarray]:
        """Return the gradients of the last loss."""
        return self._call("backward")


def case_of(line: Line, number: int) -> tuple[runner.Case, Callable] | None:
    """Return a case and what makes its arguments real; None after the last."""
    answer = line.ask(ask="case", number=number)
    if not answer:
        return None
    far = {}
    for place, packed in enumerate(answer["far"]):
        if packed is not None and wire.unpack(packed):
            from exercises.box.arguments import Suspect

            far[place] = Suspect(FarNetwork(line, place, packed))
        elif packed is not None:
            far[place] = FarFunction(line, place, packed)

    def prepare(*args: object) -> tuple:
        return tuple(far.get(i, value) for i, value in enumerate(args))

    case = runner.Case("", wire.unpack(answer["args"]), answer["read_only"])
    return case, prepare
