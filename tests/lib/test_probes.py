"""Probes: what they measure, on the healthy network and on spoilt ones."""

import numpy as np
import pytest

from rnn_lib import VanillaRNN, load_five_sequences, probes
from rnn_lib.probes import PROBES, Probe
from tests.support import exactly


class Shifted(VanillaRNN):
    """A little is added to the logits after each forward."""

    by = 1e-6

    def forward(self, x, initial_state=None):
        logits, state = super().forward(x, initial_state)
        logits += self.by * (1 + np.arange(logits.shape[1]))[:, np.newaxis]
        return logits, state


class Tired(VanillaRNN):
    """Each forward shrinks the logits a little more than the one before."""

    calls = 0

    def forward(self, x, initial_state=None):
        logits, state = super().forward(x, initial_state)
        self.calls += 1
        self.logits = 0.99**self.calls * logits
        return self.logits, state


class Scaled(VanillaRNN):
    """Begins with parameters that are larger than they should be."""

    by = 1.0

    def __init__(self, *sizes, **settings):
        super().__init__(*sizes, **settings)
        for array in self.parameters.values():
            array *= self.by


class WrongBias(VanillaRNN):
    """The gradient of c, and no other, is off by a part in ten thousand."""

    def backward(self, d_logits=None):
        gradients = super().backward(d_logits)
        gradients["c"] *= 1 + 1e-4
        return gradients


class Leaky(VanillaRNN):
    """Half of the gradient of c before is added to the next one."""

    before = 0

    def backward(self, d_logits=None):
        gradients = super().backward(d_logits)
        gradients["c"] += self.before
        self.before = gradients["c"] / 2
        return gradients


class NotANumber(VanillaRNN):
    """Its gradients are not numbers, so soon its weights are none either."""

    def backward(self, d_logits=None):
        return {name: np.nan * g for name, g in super().backward(d_logits).items()}


def variant(base, by):
    """Return a subclass of `base` with another setting."""
    return type(base.__name__, (base,), {"by": by})


@pytest.mark.parametrize("name", PROBES)
def test_the_healthy_network_passes_and_repeats(name):
    measure = PROBES[name].measure
    value = measure(VanillaRNN)
    assert type(value) is float
    assert PROBES[name].passes(value)
    assert measure(VanillaRNN) == value


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(0.9, True), (1.1, True), (1.0, True), (0.899, False), (1.101, False)],
)
def test_both_ends_of_the_range_are_healthy(value, verdict):
    assert Probe(lambda make: 1.0, 0.9, 1.1).passes(value) is verdict


def test_nothing_that_is_not_a_number_is_healthy():
    assert not any(probe.passes(float("nan")) for probe in PROBES.values())
    assert not any(probe.passes(float("inf")) for probe in PROBES.values())


@pytest.mark.parametrize(
    ("name", "network", "low", "high"),
    [
        ("gradient check", WrongBias, 0.9e-4, 1.1e-4),
        ("order", Tired, 0.01, 1),
        ("order", Leaky, 0.1, 1),
        ("halves", Shifted, 1e-7, 1e-3),
        ("formulas", Shifted, 1e-7, 1e-3),
        ("formulas", variant(Shifted, -0.5), 0.1, 10),
        ("overfit", NotANumber, 0, 0),
        ("first loss", variant(Scaled, 20), 2, 50),
        ("slopes", variant(Scaled, 40), 0, 0.1),
    ],
)
def test_a_spoilt_network_is_seen(name, network, low, high):
    value = PROBES[name].measure(network)
    assert low <= value <= high
    assert not PROBES[name].passes(value)


@pytest.mark.parametrize("name", ["gradient check", "order"])
def test_larger_weights_are_no_bug(name):
    """What a probe asks of the program does not depend on the weights."""
    assert PROBES[name].passes(PROBES[name].measure(variant(Scaled, 2)))


def test_a_network_with_zero_weights_has_the_loss_of_a_guess():
    assert probes.first_loss(variant(Scaled, 0)) == pytest.approx(1, abs=1e-12)
    assert probes.slopes(variant(Scaled, 0)) == 1


def test_overfit_counts_the_letters_of_the_worst_seed():
    class Keeps(VanillaRNN):
        """Learns only when it was made with seed 0."""

        def __init__(self, *sizes, seed=0, **settings):
            super().__init__(*sizes, seed=seed, **settings)
            self.learns = seed == 0

        def backward(self, d_logits=None):
            gradients = super().backward(d_logits)
            return {name: self.learns * g for name, g in gradients.items()}

    good = probes.overfit(Keeps, seeds=(0,), epochs=60)
    bad = probes.overfit(Keeps, seeds=(1,), epochs=2)
    assert good > 0.95
    assert bad < 0.2
    assert bad * 130 == pytest.approx(round(bad * 130))
    assert probes.overfit(Keeps, seeds=(0, 1), epochs=60) == bad


def test_overfit_trains_as_long_as_it_is_told():
    class Counts(VanillaRNN):
        calls: list[tuple] = []  # noqa: RUF012 - shared on purpose

        def backward(self, d_logits=None):
            self.calls.append(self.logits.shape)
            return super().backward(d_logits)

    probes.overfit(Counts, seeds=(3,), epochs=4)
    assert Counts.calls == [(1, 26, 26)] * 20


class Recorded(VanillaRNN):
    """Notes how it was made and what it was given; learns nothing, fast."""

    def __init__(self, *sizes, **settings):
        super().__init__(*sizes, **settings)
        self.made.append((sizes, settings))

    def __init_subclass__(cls):
        cls.made, cls.read = [], []

    def forward(self, x, initial_state=None):
        self.read.append(x.copy())
        return super().forward(x, initial_state)


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("gradient check", (6, 4)),
        ("order", (6, 4)),
        ("halves", (6, 4)),
        ("formulas", (6, 4)),
        ("first loss", (26, 32)),
        ("slopes", (26, 32)),
    ],
)
def test_what_a_probe_measures_is_known(name, sizes):
    """Another network or other rows would give other numbers than those printed."""

    class Seen(Recorded):
        pass

    PROBES[name].measure(Seen)
    assert Seen.made == [(sizes, {"seed": 0})]


def test_the_rows_of_a_probe_are_known():
    class Seen(Recorded):
        pass

    probes.halves(Seen)
    assert Seen.read[0].argmax(axis=-1).tolist() == [
        [5, 3, 4, 5, 3],
        [4, 5, 1, 0, 1],
        [1, 5, 5, 0, 2],
    ]


def test_overfit_makes_eight_networks_of_32_units_and_trains_120_epochs():
    updates = []

    class Idle(Recorded):
        def loss(self, x, targets):
            updates.append(x.shape)
            return 0.0

        def backward(self):
            return {name: np.zeros_like(p) for name, p in self.parameters.items()}

    probes.overfit(Idle)
    assert Idle.made == [((26, 32), {"seed": seed}) for seed in range(8)]
    assert updates == [(1, 26, 26)] * (8 * 120 * 5)


def overflow(g):
    return np.full_like(g, 1e300) * 1e300


def undefined(g):
    return np.full_like(g, np.inf) - np.inf


@pytest.mark.parametrize("number", [overflow, undefined])
def test_overfit_gives_no_warning_of_numbers_that_do_not_stay_finite(number):
    class Spoilt(VanillaRNN):
        def backward(self, d_logits=None):
            gradients = super().backward(d_logits)
            return {name: number(g) for name, g in gradients.items()}

    assert probes.overfit(Spoilt, seeds=(0,), epochs=1) == 0


def test_slopes_are_those_of_the_worst_step():
    network = VanillaRNN(26, 32, seed=0)
    x, _ = load_five_sequences()
    U, W, b, _, _ = network.parameters.values()
    h, means = np.zeros((len(x), 32)), []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ U.T + h @ W.T + b)
        means.append(np.mean(1 - h**2))
    assert probes.slopes(VanillaRNN) == pytest.approx(min(means), rel=1e-12)


def test_a_network_that_loses_a_gradient_is_not_passed():
    class Forgetful(VanillaRNN):
        """Its gradient of c is missing from the fourth backward on."""

        calls = 0

        def backward(self, d_logits=None):
            gradients = super().backward(d_logits)
            self.calls += 1
            return {n: g for n, g in gradients.items() if n != "c" or self.calls < 4}

    with pytest.raises(ValueError, match="shorter"):
        probes.order(Forgetful)


def test_the_rows_of_a_probe_leave_the_shared_generator_alone():
    np.random.seed(3)
    wanted = np.random.random()
    np.random.seed(3)
    for name in ("gradient check", "order", "halves", "formulas"):
        PROBES[name].measure(VanillaRNN)
    assert np.random.random() == wanted


@pytest.mark.parametrize("name", PROBES)
def test_a_network_in_place_of_its_class_is_refused(name):
    with pytest.raises(TypeError, match=r"make: expected VanillaRNN or a subclass"):
        PROBES[name].measure(VanillaRNN(2, 2))


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"seeds": ()}, ValueError, "seeds: expected at least one seed, got none"),
        ({"epochs": 0}, ValueError, "epochs: expected at least 1, got 0"),
        ({"epochs": 1.5}, TypeError, "epochs: expected a whole number, got 1.5"),
    ],
)
def test_settings_of_overfit_are_checked(settings, error, message):
    with pytest.raises(error, match=exactly(message)):
        probes.overfit(VanillaRNN, **settings)
