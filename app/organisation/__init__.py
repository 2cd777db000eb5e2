"""Organisation room: units, staff, unit liaisons, districts and neighbourhoods (duties a, b, r).

Entities: Unit (a tree, affiliates included), UnitLiaison, StaffUser, District, Neighbourhood.
It may use the system room below it.
"""
