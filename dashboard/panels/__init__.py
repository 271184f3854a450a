"""One file a thing on screen: `layout()` says what it looks like, `register(app, store)` what moves it."""
