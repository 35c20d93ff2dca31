"""What one may type into the search field for a symbol."""

import pytest

from book.extensions import search_terms


@pytest.mark.parametrize(
    ("tex", "forms"),
    [
        ("h_t", {"h_t", "h"}),
        (r"\hat y_t", {"ŷ_t", "ŷ", "y\u0302_t", "y\u0302", "y_hat_t", "y_hat"}),
        (r"\hat{y}_t", {"ŷ_t", "ŷ", "y\u0302_t", "y\u0302", "y_hat_t", "y_hat"}),
        (r"\partial \ell_t", {"∂ℓ_t", "∂ℓ"}),
        (r"\lVert g \rVert", {"‖g‖", "g"}),
        (r"\theta^\top", {"θ^⊤", "θ"}),
        (r"\cdots", set()),  # not ·s: no sign is known for it
        (r"\topsep", set()),
    ],
)
def test_forms_of_a_symbol(tex, forms):
    assert search_terms.forms(tex) == forms
