"""The tour: a bundled timeline through the real pipeline."""
