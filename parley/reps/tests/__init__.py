"""Tests of the simulated reps. They call the buyers of the shipped scenarios."""
