"""The engine: worker processes, each of which runs one job at a time and can be ended in the middle of it.

A query in Oxigraph has no deadline; only ending its process stops it. So the service passes each job (:mod:`.jobs`) to
a worker (:mod:`.worker`) of a :class:`.pool.Pool`, and sends the client what the worker answers. This package imports
nothing here, since a worker needs only some of its modules.
"""
