"""How figures are grouped: topics by letters, open cases by age, and the goal that rates are held to.

Topic groups are the letters before the dash of a topic's code; the data may add more.

Source: domain facts 11.5.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.core.rules import N_

TOPIC_GROUP_LABELS: Mapping[str, str] = {
    "YOL": N_("Roads"),
    "TRF": N_("Traffic"),
    "ULS": N_("Public transport"),
    "SU": N_("Water"),
    "KAN": N_("Sewage and rain water"),
    "CEV": N_("Environment and cleaning"),
    "PRK": N_("Parks and trees"),
    "AYD": N_("Street lighting"),
    "ZBT": N_("Municipal police"),
    "RHS": N_("Licences"),
    "IMR": N_("Zoning and buildings"),
    "HYV": N_("Animals"),
    "SOS": N_("Social services"),
    "KLT": N_("Culture and sport"),
    "MZR": N_("Cemeteries"),
    "ITF": N_("Fire brigade"),
    "TRM": N_("Agriculture"),
    "AFT": N_("Disasters"),
    "KUR": N_("The institution itself"),
    "DIS": N_("Other institutions"),
}

#: Upper ends in days of the groups by age; what is older stands in the last one.
AGE_BOUNDS: tuple[int, ...] = (3, 7, 15, 30)
AGE_LABELS: Mapping[int, str] = {
    0: N_("0–3 days"),
    1: N_("4–7 days"),
    2: N_("8–15 days"),
    3: N_("16–30 days"),
    4: N_("over 30 days"),
}

#: Percent of answers that should be in time; the directorate's own goal.
ON_TIME_GOAL = 95.0
