"""Explorers without a front end: frozen states, gestures on them, and scenes to draw."""
