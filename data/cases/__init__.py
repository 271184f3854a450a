"""Case studies: an operation of the past, from files that were published, in one command."""
