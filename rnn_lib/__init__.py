"""The tested code behind the course: a recurrent neural network in NumPy.

The modules stand on floors; each imports only from floors below it.

1. ``validation``
2. ``encoding``, ``functional``, ``initialization``, ``optimizers``, ``baselines``,
   ``storage``
3. ``data``, ``names``, ``tasks``, ``layers``
4. ``ngrams``, ``network``
5. ``gradcheck``, ``training``, ``memory``, ``examples``
6. ``torch_twin`` and ``torch_names`` (which import PyTorch), ``plots``, ``bugs``,
   ``probes``
7. ``diagrams``, ``torch_distributed`` (PyTorch too)

The checks of the exercises are in another package, ``exercises``.

Import the modules of the last two floors by name: PyTorch and matplotlib are
loaded only then.

Arrays are batch first. N counts sequences, T time steps, K symbols of the
vocabulary and H hidden units.
"""

from rnn_lib.baselines import Floor, floor, ladder
from rnn_lib.data import load_five_sequences
from rnn_lib.encoding import ALPHABET, Vocabulary, from_one_hot, one_hot
from rnn_lib.examples import tiny_network
from rnn_lib.functional import (
    cross_entropy,
    cross_entropy_and_gradient,
    cross_entropy_gradient,
    log_softmax,
    softmax,
    tanh_slope,
)
from rnn_lib.gradcheck import check_gradients, numerical_gradient, relative_error
from rnn_lib.initialization import initialize
from rnn_lib.layers import HiddenLayer, InputLayer, OutputLayer
from rnn_lib.names import load_names, pad_names, split_names
from rnn_lib.network import VanillaRNN
from rnn_lib.ngrams import AdditiveNGram, KneserNeyNGram
from rnn_lib.optimizers import SGD, Adam, clip_by_norm, global_norm, make_optimizer
from rnn_lib.storage import load_parameters, save_parameters
from rnn_lib.training import History, evaluate, train

__version__ = "0.1.0"

__all__ = [
    "ALPHABET",
    "SGD",
    "Adam",
    "AdditiveNGram",
    "Floor",
    "HiddenLayer",
    "History",
    "InputLayer",
    "KneserNeyNGram",
    "OutputLayer",
    "VanillaRNN",
    "Vocabulary",
    "check_gradients",
    "clip_by_norm",
    "cross_entropy",
    "cross_entropy_and_gradient",
    "cross_entropy_gradient",
    "evaluate",
    "floor",
    "from_one_hot",
    "global_norm",
    "initialize",
    "ladder",
    "load_five_sequences",
    "load_names",
    "load_parameters",
    "log_softmax",
    "make_optimizer",
    "numerical_gradient",
    "one_hot",
    "pad_names",
    "relative_error",
    "save_parameters",
    "softmax",
    "split_names",
    "tanh_slope",
    "tiny_network",
    "train",
]
