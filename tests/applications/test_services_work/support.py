"""From assessment to the sent letter: who may do what, what is written, when the clock stops."""

from __future__ import annotations


def fields(refused):
    return {v.field for v in refused.value.violations}
