"""What is told of incidents: titles and one sentence each, by type.

`{town}` is the nearest town, `{other}` the next one along the road, `{n}` a number up to forty, `{few}`
one up to eight, `{people}` the displaced.
"""

from __future__ import annotations

WORDS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "storm": (
        ("roofs", "Roofs torn off, {town}", "About {n} houses have lost their roofs to the wind."),
        ("school", "School roof down, {town}", "The school cannot serve as a shelter until it is covered."),
        (
            "trees",
            "Trees across the streets, {town}",
            "Crews clear the way with chain saws; {few} streets are closed.",
        ),
        (
            "power",
            "Power lines down, {town}",
            "The quarter is without power; poles are broken along the main street.",
        ),
        ("hospital", "Hospital windows blown in, {town}", "Two wards were moved to the inner corridor."),
        ("market", "Market hall destroyed, {town}", "The hall has fallen in; traders sell from the street."),
        ("boats", "Fishing boats thrown ashore, {town}", "About {n} boats are wrecked on the beach."),
        ("crops", "Plantations flattened, {town}", "Bananas and plantains are down over {n} hectares."),
        ("mast", "Radio mast fallen, {town}", "Mobile telephones work only on the upper slopes."),
        ("walls", "Walls collapsed, {town}", "Light buildings at the edge of town did not stand the gusts."),
    ),
    "flood": (
        ("river", "River over its banks, {town}", "Water stands up to a metre in the lower quarter."),
        (
            "surge",
            "Storm surge in the harbour quarter, {town}",
            "The sea came {few} streets inland at high water.",
        ),
        ("houses", "Houses under water, {town}", "About {n} houses are flooded; people wait on the roofs."),
        ("wells", "Wells flooded, {town}", "{few} wells hold brackish water and must be cleaned."),
        ("fields", "Fields under water, {town}", "Rice and vegetable plots are lost along the river."),
        (
            "clinic",
            "Health post flooded, {town}",
            "Medicines were carried to the church; the cold chain is broken.",
        ),
        (
            "ford",
            "Ford impassable towards {other}",
            "The river is too deep for trucks; people cross by rope.",
        ),
        ("drain", "Drains blocked, streets flooded, {town}", "Rubbish blocks the culverts after the rain."),
    ),
    "landslide": (
        ("road", "Landslide blocks the road {town} to {other}", "About {n} metres of road lie under mud."),
        (
            "slope",
            "Slope gives way above {town}",
            "Cracks run through the gardens; houses below are being cleared.",
        ),
        ("houses", "Houses buried by mud, {town}", "Neighbours dig with hand tools; {few} houses are hit."),
        (
            "river",
            "Slide dams the stream above {town}",
            "Water collects behind the slide; watchers are posted.",
        ),
        ("track", "Mountain track gone near {town}", "Hamlets above can be reached on foot only."),
    ),
    "infrastructure": (
        (
            "bridge",
            "Bridge down on the coast road, {town}",
            "One span is gone; a ford serves light vehicles.",
        ),
        ("bridge", "Bridge scoured between {town} and {other}", "The pier leans; trucks must not use it."),
        ("road", "Road washed out towards {other}", "About {n} metres of the carriageway are missing."),
        ("water", "Water main broken, {town}", "The town is supplied by tankers for part of the day."),
        ("power", "Substation flooded, {town}", "No power until it has been dried and tested."),
        ("hospital", "Hospital generator failed, {town}", "Fuel for {few} hours was left; surgery is moved."),
        ("culvert", "Culvert collapsed near {town}", "The road narrows to one lane."),
        ("quay", "Quay wall damaged, {town}", "Only barges of shallow draught can land."),
        ("runway", "Airstrip under debris, {town}", "Light aircraft need {few} hours of clearing first."),
        ("telecom", "Exchange out of service, {town}", "Satellite terminals serve the town hall only."),
        ("school", "School unsafe, {town}", "The engineer's inspection found the frame cracked."),
        ("pump", "Pumping station stopped, {town}", "Parts are on order; tablets are handed out."),
    ),
    "displacement": (
        ("shelter", "School fills as a shelter, {town}", "{people} people sleep in the classrooms."),
        (
            "camp",
            "Families camp on the football ground, {town}",
            "{people} people under plastic sheets; latrines missing.",
        ),
        ("host", "Families taken in by neighbours, {town}", "{people} people stay with relatives."),
        ("move", "People leave the river bank, {town}", "{people} people walk to higher ground."),
        ("return", "Families go home, {town}", "{people} people have left the shelter with tool kits."),
        ("crowded", "Shelter over its capacity, {town}", "{people} people where half as many fit."),
    ),
    "access_restriction": (
        ("road", "Road closed {town} to {other}", "Closed to trucks until the bridge has been tested."),
        ("weight", "Weight limit on the bridge, {town}", "Five tonnes at most, one vehicle at a time."),
        (
            "night",
            "No movement after dark, {town} to {other}",
            "Convoys travel between six and eighteen hours.",
        ),
        ("port", "Port closed to large ships, {town}", "The channel must be sounded first."),
        ("fuel", "No fuel for convoys, {town}", "Relief vehicles are asked to bring their own."),
        (
            "permit",
            "Checkpoint asks for papers, {town}",
            "Convoys waited {few} hours; the liaison officer is informed.",
        ),
    ),
    "accident": (
        ("traffic", "Truck overturned on the road to {other}", "The load is being moved to another truck."),
        ("boat", "Ferry boat capsized off {town}", "Fishermen picked people out of the water."),
        ("collapse", "Damaged house collapsed, {town}", "It fell while people were clearing it."),
        ("fire", "Generator fire, {town}", "The fire was put out by neighbours."),
        (
            "electric",
            "Accident with a fallen power line, {town}",
            "The line had been switched on again too early.",
        ),
        ("clearing", "Injury while clearing trees, {town}", "The patient was taken to the field hospital."),
    ),
    "crime": (
        ("looting", "Warehouse broken into, {town}", "Rice and oil are missing."),
        ("looting", "Shops looted in the centre, {town}", "Police posted {few} officers for the night."),
        ("theft", "Fuel stolen from a relief truck, {town}", "The driver was not hurt."),
        ("theft", "Tarpaulins stolen from the store, {town}", "About {n} are missing."),
        (
            "robbery",
            "Robbery at a distribution point, {town}",
            "The distribution was stopped and resumed the next day.",
        ),
        ("fraud", "False registration cards, {town}", "Cards are being checked and printed anew."),
    ),
    "epidemic": (
        ("cluster", "Suspected watery diarrhoea, {town}", "{n} patients from one quarter in two days."),
        ("cluster", "Cluster of fever cases, {town}", "{n} patients; mosquito nets are being handed out."),
        (
            "ward",
            "Treatment ward opened for diarrhoea, {town}",
            "{n} patients were admitted on the first day.",
        ),
        ("water", "Contaminated well closed, {town}", "The sample was positive; the well is chlorinated."),
        ("skin", "Skin infections in the shelter, {town}", "{n} children treated; soap is short."),
    ),
}

BEFORE: tuple[tuple[str, str, str], ...] = (
    (
        "access_restriction",
        "Port closed ahead of the storm, {town}",
        "Ships are told to leave or to double their moorings.",
    ),
    (
        "displacement",
        "Coastal quarter cleared ahead of the storm, {town}",
        "{people} people moved to shelters.",
    ),
    ("accident", "Fall while boarding up a house, {town}", "One person was taken to hospital."),
    ("crime", "Hoarding of fuel, {town}", "Police ended a quarrel at the filling station."),
    (
        "access_restriction",
        "Schools and markets closed, {town}",
        "By order of the municipality until the storm has passed.",
    ),
)
"""Before the storm: type, title, description."""

AT_SEA: tuple[tuple[str, str], ...] = (
    ("Small craft adrift", "A fishing boat without engine; a patrol ship takes it in tow."),
    ("Containers in the water", "Shipping is warned of floating containers."),
    ("Distress call from a coaster", "The crew was taken off by helicopter."),
)

CAP_CATEGORIES = {
    "storm": "Met",
    "flood": "Met",
    "landslide": "Geo",
    "infrastructure": "Infra",
    "displacement": "Rescue",
    "access_restriction": "Transport",
    "accident": "Safety",
    "crime": "Security",
    "epidemic": "Health",
}
ALONG_ROADS = {"road", "bridge", "culvert", "track", "ford", "night", "weight", "traffic"}
"""Subtypes that lie on the road between two towns."""
