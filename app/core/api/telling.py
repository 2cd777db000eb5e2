"""A record as JSON, with the masks of the screens; nothing is read or written here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import joinedload

from app.core.acting import current_actor
from app.core.api.fields import told
from app.core.personal import is_personal, mask_column
from app.core.views.formats import Format


class Telling:
    """Mixed into BackOfficeApi; it uses the resource's declaration."""

    model: Any
    #: Masks and formats of the screen; what is masked there is masked here.
    formats: Mapping[str, Format] = {}

    def _joins(self, names: Iterable[str]) -> list[Any]:
        relations = inspect(self.model).relationships
        heads = {name.split(".")[0] for name in names}
        return [
            joinedload(getattr(self.model, head))
            for head in sorted(heads)
            if head in relations and not relations[head].uselist
        ]

    def _tell(self, item: Any, names: Iterable[str]) -> dict[str, Any]:
        """A record as JSON; personal columns wear the mask they wear on the screen."""
        found: dict[str, Any] = {"id": item.id}
        for name in names:
            found[name] = self._value(item, name)
        if hasattr(item, "version"):
            found["version"] = item.version
        return found

    def _value(self, item: Any, name: str) -> Any:
        owner, value = item, item
        for part in name.split("."):
            owner, value = value, getattr(value, part, None)
            if value is None:
                return None
        if callable(value):
            value = value()
        if name in self.formats:
            cell = self.formats[name](value, item)
            if cell.kind == "masked":
                return cell.text
        elif self._is_masked(type(owner), name.split(".")[-1]):
            return mask_column(name.split(".")[-1], str(value)) if value != "" else ""
        if hasattr(type(value), "__mapper__"):
            return self._link(value)
        return told(value)

    @staticmethod
    def _is_masked(owner: type, name: str) -> bool:
        """Personal columns, and whatever a class with personal columns computes from them."""
        if current_actor().is_system:
            return False
        is_computed = name not in inspect(owner).all_orm_descriptors
        return is_personal(owner, name) or (is_computed and hasattr(owner, "PERSONAL"))

    @staticmethod
    def _link(record: Any) -> dict[str, Any]:
        label = str(record)
        if hasattr(type(record), "PERSONAL") and not current_actor().is_system:
            label = mask_column("name", label)
        return {"id": record.id, "label": label}
