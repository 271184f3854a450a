"""Plain HTTP beside the callbacks: health, persona, basemap."""
