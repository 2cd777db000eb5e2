"""People room: citizens who apply and institutions that things are passed to (duties ç, f, n).

Entities: Citizen, Institution. It may use organisation and system below it.
"""
