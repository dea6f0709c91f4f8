"""What could be lost together: assumptions, the joint portfolio of a month, stress runs, and the words for them."""
