"""Who is asking, and what is let through: the guard, its rules for requests, the persona cookie."""
