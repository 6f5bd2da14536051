"""Statements on how answers are made: raw events, and what they add up to for each worker in a project."""

from typing import NamedTuple

from db.statement import Statement, change

HAPPENED = change("""
    INSERT INTO event (project_id, worker_id, task_id, at, what, detail)
    VALUES (:project, :worker, :task, :at, :what, :detail)
""")


class Kept(NamedTuple):
    """A worker's habits in a project."""

    kept: bytes


HABITS = Statement("SELECT kept FROM habit WHERE project_id = :project AND worker_id = :worker", Kept)
"""Written in the worker's own turns alone, so that nobody locks it."""

KEEP = change("""
    INSERT INTO habit (project_id, worker_id, kept) VALUES (:project, :worker, :kept)
    ON CONFLICT (project_id, worker_id) DO UPDATE SET kept = excluded.kept
""")
