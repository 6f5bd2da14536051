"""A simulated crowd that walks the whole road of a project, through the services that real people meet."""
