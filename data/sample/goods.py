"""What is sent: items with their units, weights and worth, and who gives it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    """An item line: Rec 20 unit, the sender's own word for it, usual amount, kg, m3 and USD of one."""

    name: str
    category: str
    sector: str
    unit: str
    native_unit: str
    least: int
    most: int
    kg: float
    m3: float
    usd: float
    people: float
    """Persons that one serves."""
    from_day: int = 0
    """Not asked for earlier than this many days after the storm."""
    weight: float = 1.0


ITEMS: tuple[Item, ...] = (
    Item(
        "Drinking water, bottled", "wash", "WSH", "LTR", "litres", 2000, 24000, 1.0, 0.0011, 0.45, 0.1, 0, 2.4
    ),
    Item("Water purification tablets", "wash", "WSH", "BX", "boxes", 40, 600, 4.0, 0.012, 38.0, 60.0, 0, 1.6),
    Item("Water tank, 5 m3", "wash", "WSH", "C62", "pieces", 2, 30, 110.0, 0.9, 620.0, 250.0, 2),
    Item("Hygiene kits", "wash", "WSH", "C62", "kits", 150, 2400, 6.0, 0.018, 24.0, 5.0, 1, 1.6),
    Item("Tarpaulins", "shelter_nfi", "SHL", "C62", "pieces", 200, 4000, 4.4, 0.012, 16.0, 5.0, 0, 2.6),
    Item("Family tents", "shelter_nfi", "SHL", "C62", "pieces", 40, 600, 55.0, 0.28, 410.0, 5.0, 1, 1.5),
    Item("Shelter tool kits", "shelter_nfi", "SHL", "C62", "kits", 80, 1500, 12.0, 0.03, 48.0, 5.0, 4, 1.4),
    Item("Blankets", "shelter_nfi", "SHL", "PK", "bales", 20, 300, 28.0, 0.12, 150.0, 25.0, 0, 1.2),
    Item("Rice", "food", "FSC", "TNE", "tonnes", 5, 90, 1000.0, 1.35, 690.0, 330.0, 1, 2.4),
    Item("Beans", "food", "FSC", "TNE", "tonnes", 2, 40, 1000.0, 1.3, 1150.0, 600.0, 2, 1.2),
    Item("Ready-to-eat rations", "food", "FSC", "PK", "packs", 400, 8000, 1.9, 0.004, 9.0, 1.0, 0, 1.9),
    Item("Vegetable oil", "food", "FSC", "LTR", "litres", 800, 12000, 0.92, 0.0012, 1.7, 3.0, 2),
    Item("Emergency health kit", "health", "HEA", "C62", "kits", 1, 8, 940.0, 4.2, 17500.0, 9000.0, 0, 1.1),
    Item("Oral rehydration salts", "health", "HEA", "BX", "boxes", 30, 500, 11.0, 0.03, 62.0, 33.0, 9, 1.7),
    Item("Cholera treatment kit", "health", "HEA", "C62", "kits", 1, 12, 420.0, 2.4, 6200.0, 100.0, 14, 1.5),
    Item("Tetanus vaccine", "health", "HEA", "BX", "boxes", 10, 120, 2.2, 0.006, 140.0, 100.0, 1, 0.7),
    Item(
        "Supplementary food for children",
        "nutrition",
        "NUT",
        "KGM",
        "kilograms",
        500,
        9000,
        1.0,
        0.0016,
        2.9,
        0.3,
        5,
    ),
    Item("School tents", "education", "EDU", "C62", "pieces", 4, 40, 190.0, 0.9, 1450.0, 80.0, 12, 0.7),
    Item("Solar lamps", "protection", "PRO", "C62", "pieces", 200, 3000, 0.6, 0.002, 19.0, 5.0, 4, 0.8),
    Item("Diesel", "fuel", "LOG", "LTR", "litres", 4000, 40000, 0.84, 0.001, 1.25, 0.0, 0, 1.2),
    Item("Generators, 20 kVA", "logistics", "LOG", "C62", "pieces", 1, 10, 620.0, 1.6, 8400.0, 0.0, 0, 0.8),
    Item("Bridge sections", "logistics", "LOG", "C62", "pieces", 1, 6, 5400.0, 14.0, 61000.0, 0.0, 7, 0.5),
    Item("Satellite terminals", "telecoms", "TEL", "C62", "pieces", 1, 12, 18.0, 0.1, 4900.0, 0.0, 0, 0.5),
)

DONORS: tuple[tuple[str, str, float], ...] = (
    ("XAG", "Principality of Gallorine", 2.4),
    ("XAA", "Republic of Aldara", 2.0),
    ("XAE", "Estavian Union", 1.8),
    ("XAB", "Kingdom of Brennmark", 1.3),
    ("XAC", "Federation of Corvessa", 0.9),
    ("XAF", "Commonwealth of Farrowmere", 0.8),
    ("XTF", "Ternfield Fund", 0.9),
    ("XCR", "Caribbean Relief Compact", 1.6),
)
"""Code, name, and how much it gives against the others."""

HANDING_OUT: dict[str, tuple[str, ...]] = {
    "WSH": ("XOW",),
    "HEA": ("XHB", "XMR"),
    "NUT": ("XQC", "XHB"),
    "EDU": ("XQC",),
    "PRO": ("XQC", "XMR"),
    "SHL": ("XMR", "XCR", "XOW"),
    "FSC": ("XMR", "XCR"),
    "LOG": ("XLL", "XAN"),
    "TEL": ("XLL",),
}
"""Who hands out a sector's goods."""
