"""The package against the real gateway."""
