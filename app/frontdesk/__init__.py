"""The front desk: the call centre and reception.

Entities: calls, shifts with their hand-over notes, knowledge items; visits, service points, the
queue of the Solution Desk. Duties k and l. It may use applications, people, organisation, system.
"""
