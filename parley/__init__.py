"""Parley: practise sales calls by voice with an AI buyer, get a score that anyone can check."""
