"""Pictures: tables in; map layers, figures and legends out.

Pure: no ids, no callbacks, no SQL, no requests.
"""
