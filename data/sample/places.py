"""Where the exercise plays: the planning sectors' towns, the ports and airfields, the far origins.

Real geography, nothing else: names of towns as GeoNames has them. Sector codes are the exercise's own
scheme and no official one: `HTI-S02` is the second first-level sector of Haiti, `HTI-S0203` the third
second-level sector in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

SECTORS_VERSION = date(2026, 8, 1)
"""The version date of the exercise's planning sectors."""

COUNTRIES: dict[str, tuple[str, str, int]] = {
    "HTI": ("HT", "Haiti", 95),
    "DOM": ("DO", "Dominican Republic", 75),
    "CUB": ("CU", "Cuba", 60),
    "JAM": ("JM", "Jamaica", 36),
    "BHS": ("BS", "Bahamas", 22),
    "TCA": ("TC", "Turks and Caicos Islands", 5),
    "PRI": ("PR", "Puerto Rico", 36),
}
"""ISO3 -> ISO2, name, and how many of its largest towns the exercise uses."""

WEST_END = -79.6
"""The exercise area's western edge on Cuba, degrees: sectors end there."""

SECTORS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "HTI": (
        ("Haiti Grand South", ("Les Cayes", "Jérémie", "Miragoâne")),
        ("Haiti West", ("Port-au-Prince", "Léogâne", "Jacmel", "Croix-des-Bouquets", "Anse à Galets")),
        ("Haiti Artibonite and Centre", ("Saint-Marc", "Gonaïves", "Hinche")),
        ("Haiti North", ("Port-de-Paix", "Cap-Haïtien", "Ouanaminthe")),
    ),
    "DOM": (
        ("Dominican South-west", ("Santa Cruz de Barahona", "San Juan de la Maguana", "Azua")),
        ("Dominican Capital", ("Santo Domingo", "San Cristóbal", "San Pedro de Macorís")),
        (
            "Dominican Cibao",
            (
                "Santiago de los Caballeros",
                "La Vega",
                "San Francisco de Macorís",
                "Puerto Plata",
                "San Fernando de Monte Cristi",
            ),
        ),
        ("Dominican East", ("La Romana", "Salvaleón de Higüey", "Hato Mayor del Rey")),
    ),
    "CUB": (
        ("Cuba Guantánamo", ("Guantánamo", "Baracoa", "Maisí")),
        ("Cuba Santiago", ("Santiago de Cuba", "Palma Soriano")),
        ("Cuba Holguín", ("Holguín", "Moa", "Banes")),
        ("Cuba Granma and Las Tunas", ("Bayamo", "Manzanillo", "Las Tunas")),
        ("Cuba Camagüey", ("Camagüey", "Nuevitas", "Ciego de Ávila")),
    ),
    "JAM": (
        ("Jamaica East", ("Kingston", "Port Antonio", "Morant Bay")),
        ("Jamaica Central", ("May Pen", "Ocho Rios")),
        ("Jamaica West", ("Montego Bay", "Mandeville", "Savanna-la-Mar")),
    ),
    "BHS": (
        ("Bahamas North", ("Nassau", "Freeport", "Marsh Harbour", "San Andros")),
        ("Bahamas Central and South", ("George Town", "Arthur’s Town", "Clarence Town", "Matthew Town")),
    ),
    "TCA": (("Turks and Caicos", ("Providenciales",)),),
    "PRI": (
        ("Puerto Rico North", ("San Juan", "Arecibo", "Fajardo")),
        ("Puerto Rico South and West", ("Ponce", "Mayagüez", "Guayama")),
    ),
}
"""ISO3 -> first-level sectors in order, each with the towns whose surroundings are its second-level ones."""


@dataclass(frozen=True)
class HubSite:
    """A port or airfield of entry: town, what it takes (air, sea), days closed after the storm's passage."""

    name: str
    country: str
    town: str
    kind: str
    closed_days: float
    weight: float


HUB_SITES: tuple[HubSite, ...] = (
    HubSite("Port-au-Prince airfield", "HTI", "Port-au-Prince", "air", 1.5, 10),
    HubSite("Port-au-Prince port", "HTI", "Port-au-Prince", "sea", 4.0, 9),
    HubSite("Cap-Haïtien airfield", "HTI", "Cap-Haïtien", "air", 1.0, 3),
    HubSite("Les Cayes airfield", "HTI", "Les Cayes", "air", 2.5, 6),
    HubSite("Jacmel airfield", "HTI", "Jacmel", "air", 4.5, 4),
    HubSite("Jacmel port", "HTI", "Jacmel", "sea", 7.0, 3),
    HubSite("Jérémie port", "HTI", "Jérémie", "sea", 5.0, 4),
    HubSite("Gonaïves port", "HTI", "Gonaïves", "sea", 4.0, 3),
    HubSite("Santo Domingo airfield", "DOM", "Santo Domingo", "air", 1.0, 5),
    HubSite("Santo Domingo port", "DOM", "Santo Domingo", "sea", 2.0, 4),
    HubSite("Barahona airfield", "DOM", "Santa Cruz de Barahona", "air", 2.0, 5),
    HubSite("Barahona port", "DOM", "Santa Cruz de Barahona", "sea", 4.0, 3),
    HubSite("Santiago de Cuba port", "CUB", "Santiago de Cuba", "sea", 2.5, 3),
    HubSite("Santiago de Cuba airfield", "CUB", "Santiago de Cuba", "air", 1.5, 3),
    HubSite("Holguín airfield", "CUB", "Holguín", "air", 1.5, 3),
    HubSite("Guantánamo airfield", "CUB", "Guantánamo", "air", 2.5, 4),
    HubSite("Kingston airfield", "JAM", "Kingston", "air", 1.0, 2),
    HubSite("Kingston port", "JAM", "Kingston", "sea", 1.5, 2),
    HubSite("Nassau airfield", "BHS", "Nassau", "air", 1.5, 2),
    HubSite("Nassau port", "BHS", "Nassau", "sea", 2.5, 2),
    HubSite("George Town airfield", "BHS", "George Town", "air", 2.0, 1),
    HubSite("Providenciales airfield", "TCA", "Providenciales", "air", 1.0, 1),
    HubSite("Ponce port", "PRI", "Ponce", "sea", 1.5, 1),
)


@dataclass(frozen=True)
class Origin:
    """A place far off where consignments start. Degrees; what it sends by: air, sea or both."""

    name: str
    iso3: str
    lon: float
    lat: float
    kinds: tuple[str, ...]
    sail_days: float


ORIGINS: tuple[Origin, ...] = (
    Origin("Bridgetown", "BRB", -59.62, 13.10, ("air", "sea"), 3.0),
    Origin("Port of Spain", "TTO", -61.52, 10.66, ("sea",), 3.5),
    Origin("Willemstad", "CUW", -68.94, 12.12, ("air", "sea"), 2.0),
    Origin("Cartagena", "COL", -75.51, 10.40, ("sea",), 2.5),
    Origin("Colón", "PAN", -79.90, 9.36, ("sea",), 3.0),
    Origin("Panama City", "PAN", -79.52, 8.98, ("air",), 3.0),
    Origin("San Juan", "PRI", -66.06, 18.44, ("air", "sea"), 1.2),
    Origin("Miami", "USA", -80.19, 25.77, ("air", "sea"), 2.0),
    Origin("Halifax", "CAN", -63.57, 44.65, ("sea",), 6.0),
    Origin("Lisbon", "PRT", -9.14, 38.72, ("air", "sea"), 9.0),
    Origin("Fort-de-France", "MTQ", -61.07, 14.60, ("air", "sea"), 2.5),
)

RIDGES: tuple[tuple[tuple[float, float], ...], ...] = (
    ((-74.30, 18.42), (-73.70, 18.38), (-73.00, 18.36), (-72.30, 18.36), (-71.80, 18.30)),
    ((-73.10, 19.75), (-72.50, 19.55), (-72.10, 19.30), (-71.60, 19.20)),
    ((-71.50, 19.20), (-71.00, 19.05), (-70.60, 18.90), (-70.30, 18.65)),
    ((-71.40, 18.30), (-71.20, 18.10)),
    ((-77.20, 19.98), (-76.50, 20.00), (-75.90, 20.02)),
    ((-75.20, 20.25), (-74.60, 20.35)),
    ((-76.90, 18.12), (-76.45, 18.05)),
    ((-67.00, 18.18), (-66.50, 18.17), (-66.00, 18.10)),
)
"""Crests of the main mountain chains, roughly: landslides follow them."""
