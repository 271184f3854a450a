"""Exercise Northern Passage: a hurricane crosses the northern Caribbean, and fictitious partners help.

places, storm, coast, land, roads, world     the ground, the track and what each town got
labels, sources, policy.toml                 who tells what, and who may see it
incidents (incident_words, incident_reports, weights, timing, figures, spots), epidemic,
elements, placing, deployments, goods, legs, consignments (consignment_steps), funding, revisions
                                             the stories
rows, regions, hazard                        stories, sectors and track as tables
scenario     `generate(seed)`: the whole as one value          load     `load_sample(home)`: into a home
"""

from data.sample.load import DEFAULT_SEED, Loaded, load_sample
from data.sample.scenario import Scenario, generate

__all__ = ["DEFAULT_SEED", "Loaded", "Scenario", "generate", "load_sample"]
