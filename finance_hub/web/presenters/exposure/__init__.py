"""Public money in one firm, in one group, and how it is spread over the city."""
