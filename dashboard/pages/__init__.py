"""Pages: which panels, in which grid, and at which path. Layout only."""
