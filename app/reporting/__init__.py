"""Reporting room: reports that are run, kept and sent (duties d, m, ö).

Entities: ReportRun. It may use every room below it.
"""
