"""The loans of the city's banks and the guarantees on them."""
