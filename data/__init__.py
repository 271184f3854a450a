"""Feeds, questions and release. Knows no user interface.

schema       every column of the three feeds, its type, its allowed values and its field class
labels       who may see a record: the label block            partners, policy   policy.toml as values
viewer       who is asking
release      the decision, one pure function with reasons (decision, agreed, doubts, policy_set: its parts)
transform    what an obligation does to each column
lake, store  one writer; locked readers; `Store.released_to(viewer)` is the only door to rows
snapshot     how rows are decided and transformed; released   the relation every question is asked of
filters      a Filter becomes a condition with its parameters
marks, timeline, totals, facets, fills, figures, details, reference   the questions; answers   their shapes
cube/        published counts, to which rows add that a viewer may not see
marking      the words at top and bottom                      explain    a decision in words
home, clock  the folder of one operation, and what time it is there
parsing      a file from outside is parsed in a child with limits (parsing_child, whole_file); disk   no room
geography    positions, boxes, projection; regions, gazetteer   places and their codes
parsed_boundaries   regions from a boundary file, by a child (boundary_child, boundaries, boundary_file)
parsed_reference    features of a reference layer, by a child (reference_child, _file, _feature, plain_shape)
characters, shown   which signs are no text, and words from outside as they may be shown
basemap/     countries, lines, towns; offline                 feeds/     recipes and ingest
sample/      the exercise scenario
"""
