from __future__ import annotations

from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "parley.shell"
    label = "shell"
