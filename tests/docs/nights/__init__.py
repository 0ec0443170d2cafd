"""The bad nights of `docs/guides/bad-night.md`: each is lived through in the sandbox, and told as it went."""
