"""Feeds in: a partner's file becomes records, or is refused in one sentence.

recipe        what a partner's file means, declared in recipes/NAME.toml
parsed_sheet  bytes to a table of text, in a child (`sheet_child`) with limits
reader        what the child does; what it refuses: containers, delimiters, extent
sheet         the table of text
transform     text to values of the schema, by the recipe
check         every record against the schema; what fails is held back with its reason
places, row_labels    where a record is, and who may see it
revisions     what is new, what is a revision, what ended (pure)
ingest        all of it in order, published in one transaction
"""
