"""What words on a call may break: rule packs per vertical as data files, checked when they are loaded.

No Django here, so that commands, evals and tests read packs without a database.
"""

from __future__ import annotations

from parley.scenarios.compliance.packs import CompliancePack, CompliancePackError, load_pack, pack_for, pack_names
from parley.scenarios.compliance.wording import Wording, WordingError, compile_wordings, spell_out

__all__ = [
    "CompliancePack",
    "CompliancePackError",
    "Wording",
    "WordingError",
    "compile_wordings",
    "load_pack",
    "pack_for",
    "pack_names",
    "spell_out",
]
