"""What is made of a row is kept in this process, exactly as long as the row stays the same version.

PostgreSQL knows each version of a row by the transaction that wrote it and by its place (`xmin`, `ctid`). Every look
asks for these under the claims of who looks, one short statement, and makes anew only what it does not know. So a
change counts for everybody from its commit on, in every process, without anybody being told; a transaction sees its
own changes; what was rolled back is never met again; and nobody gets what row-level security keeps from them.
Notifications only free memory sooner: they may be late or lost.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.fields import CharField

from parley.core.live import Notice, listener

M = TypeVar("M", bound=Model)
T = TypeVar("T")


class RowCache(Generic[M, T]):
    """Values made of rows of one table. They are shared by all threads: `make` gives something that cannot change."""

    def __init__(self, model: type[M], make: Callable[[M], T], *, most: int = 5000) -> None:
        self._model, self._make, self._most = model, make, most
        table = model._meta.db_table
        self._version = RawSQL(  # noqa: S611 - the table is named by our own model
            f'"{table}".xmin::text || "{table}".ctid::text', (), output_field=CharField()
        )
        self._made: OrderedDict[Any, tuple[str, UUID | None, T]] = OrderedDict()
        self._lock = threading.Lock()
        self._told = f"changed:{table}"
        listener.watchers.append(self._hear)

    def of(self, rows: QuerySet[M, Any]) -> list[T]:
        """One value for each of these rows, in their order. One query, and one more for rows that are new here."""
        asked = list(rows.annotate(_version=self._version).values_list("pk", "_version"))
        with self._lock:
            found = {pk: self._made[pk][2] for pk, version in asked if self._known(pk, version)}
        missing = [pk for pk, _ in asked if pk not in found]
        if missing:
            found |= self._read(missing)
        return [found[pk] for pk, _ in asked if pk in found]

    def _known(self, pk: Any, version: str) -> bool:
        kept = self._made.get(pk)
        if kept is None or kept[0] != version:
            return False
        self._made.move_to_end(pk)
        return True

    def _read(self, missing: list[Any]) -> dict[Any, T]:
        # The version comes with the row in one statement, so that the two belong together whatever commits meanwhile.
        fresh = {}
        for row in self._model._default_manager.filter(pk__in=missing).annotate(_version=self._version):
            fresh[row.pk] = (row._version, getattr(row, "org_id", row.pk), self._make(row))  # type: ignore[attr-defined]
        with self._lock:
            for pk, kept in fresh.items():
                self._made[pk] = kept
                self._made.move_to_end(pk)
            while len(self._made) > self._most:
                self._made.popitem(last=False)
        return {pk: value for pk, (_, _, value) in fresh.items()}

    def _hear(self, notice: Notice | None) -> None:
        with self._lock:
            if notice is None:  # unheard changes, or another database behind the same address
                self._made.clear()
            elif notice.what == self._told:
                for pk in [pk for pk, (_, org_id, _) in self._made.items() if org_id == notice.org_id]:
                    del self._made[pk]

    def __len__(self) -> int:
        return len(self._made)
