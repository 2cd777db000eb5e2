"""The acts that the bar of the list of applications offers for picked rows."""

from __future__ import annotations

from app.applications.rules import BulkAct
from app.applications.services import bulk
from app.applications.views.bulk.words import ICONS, act_label
from app.core.acting import Actor
from app.core.views.page import Button

#: In this order; the first three stand in the bar itself.
ORDER = (
    BulkAct.ASSIGN,
    BulkAct.REMIND,
    BulkAct.CLOSE,
    BulkAct.NOTE,
    BulkAct.PRIORITY,
    BulkAct.OFFICER,
    BulkAct.MERGE,
)
KEYS = {BulkAct.ASSIGN: "H"}


def bulk_buttons(actor: Actor) -> list[Button]:
    """The acts that somebody may do with many applications."""
    if not actor.may("write", "BulkRun"):
        return []
    return [
        Button(act_label(act), icon=ICONS[act], name=act.value, key=KEYS.get(act, ""), post=True)
        for act in ORDER
        if bulk.may_act(actor, act)
    ]
