"""Reports of the banks: what is owed, the batches, and who has reported."""
