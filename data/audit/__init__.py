"""The audit trail: who saw, took and changed what, written so that nobody can change it unnoticed.

`Trail` writes and reads, `Action` says what an entry is about, `verify` checks a trail from outside.
Nothing else opens a file in a home's audit folder.
"""
