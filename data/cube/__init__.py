"""The published cube: counts by area, category and week to which rows add that a viewer may not see (A3).

cells        what a cell is, and which categories there are    weeks    which weeks are counted, as of when
rules        which records of a cell may be counted, a pure function of what every partner can know
known        what every partner can know: by the policy's own decision
counting     the full read of the lake, beside the writer; `publish` is the one place that publishes
kept         what was counted, durable                          published   what was published: the web's door

Only the command `cube publish` imports `publish`, and only that `counting`; what answers a request imports
`published`.
"""
