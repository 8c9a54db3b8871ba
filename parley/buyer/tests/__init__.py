"""Tests of the buyer, named after what it does."""
