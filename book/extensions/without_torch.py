"""Let the reference describe the modules that use PyTorch, without PyTorch.

Building the book installs no PyTorch. While it is built, modules of that name stand in
for it, whether it is there or not: names with a capital letter are empty classes.
"""

import sys
import types

MODULES = ("torch", "torch.distributed", "torch.nn", "torch.nn.parallel", "torch.optim")


class StandIn(types.ModuleType):
    """A module in which every class exists and does nothing."""

    def __getattr__(self, name: str) -> type:
        if not name[0].isupper():
            raise AttributeError(name)
        made = type(name, (), {"__module__": self.__name__})
        setattr(self, name, made)
        return made


def setup(app):
    """Put the modules where an import finds them."""
    for name in MODULES:
        sys.modules[name] = StandIn(name)
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, sys.modules[name])
    sys.modules["torch"].no_grad = lambda: lambda function: function
    return {"parallel_read_safe": True}
