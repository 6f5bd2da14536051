"""The project file, the life cycle of a project, the import of its data, its pictures."""
