"""Machinery that knows no room: text, time, scope, views, charts, documents. No tables live here."""
