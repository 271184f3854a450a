"""The commands of `python app.py`, by what they are about. Each imports what it needs when it is asked for."""
