"""The parts of the rail: values in, components out. No callbacks."""
