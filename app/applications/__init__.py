"""Applications room: a citizen's application from any channel to its answer (duties ı, i, j, l, n).

Entities: Topic, Application, Assignment, ApplicationEvent, Reply, ReplyTemplate, ImportMapping,
ImportBatch, ImportRow. It may use people, organisation and system below it.
"""
