"""Statements on records of what was done by people in charge and by rules."""

from db.statement import change

RECORD = change("""
    INSERT INTO audit (at, channel, actor_id, rule, what, person_id, project_id, figures)
    VALUES (:at, :channel, :actor, :rule, :what, :person, :project, :figures)
""")
