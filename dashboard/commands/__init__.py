"""The commands of `python app.py`, by subject. Each imports what it needs when it is asked for."""
