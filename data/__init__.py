"""Feeds, questions and release. Knows no user interface.

schema     every column of the three feeds, its type, its allowed values and its field class
labels     who may see a record: the label block
policy     policy.toml: partners, groups, personas, agreements
viewer     who is asking
release    the decision, one pure function with reasons
store      the lake: one writer, locked readers; `Store.released_to(viewer)` is the only door to rows
released   what one viewer may see, already transformed: the relation every question is asked of
filters    a Filter becomes a condition with its parameters and its words
incidents, deployments, deliveries, regions_shown   the questions
geography  positions, boxes, projection        regions   countries, admin areas, matching of places
feeds/     one adapter a source format, recipes, ingest          sample/   the exercise scenario
"""
