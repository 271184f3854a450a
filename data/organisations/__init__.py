"""Organisations: which names mean one of them. Known ones by the register, others by what people decided."""
