"""Parley's command line: one module per command, loaded when it is called.

A module is named after its command, its docstring's first line is the help, and it offers `app`, a `typer.Typer`.
A command that needs the database or Django's settings does its work inside `local.local_django()`.
"""
