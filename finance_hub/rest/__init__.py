"""The HTTP manners of the API: problem+json, strict input, keys, scopes, idempotency, cursors."""
