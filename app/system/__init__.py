"""System room: audit, attachments, jobs, outbox, reminders, numbers, calendar, law, settings.

Entities: AuditEvent, Attachment, Job, Notification, Reminder, NumberSeries, CalendarDay, LegalRule,
SavedView, Parameter, Disclosure. It serves every duty and may use no room, only `app.core`.
"""
