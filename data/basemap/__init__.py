"""The basemap that ships with the project: no request ever leaves the host.

world      countries, land, lines and towns, read from the data files beside this
lines      the boundary lines of one operation, which replace the neutral ones
convert    makes the data files, once (see NOTICE for where they come from)
topology   TopoJSON into rings and lines; used by convert alone
"""
