"""Pages: which panels, in which grid. Layout only."""
