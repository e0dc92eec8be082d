"""Intake of a class: hostile archives, the platforms' layouts, the roster."""
