"""The engine: processes of which each works on one job at a time, and can be ended while it does.

A query in Oxigraph has no deadline; only ending its process stops it. So the service hands each job (:mod:`.jobs`) to a
process (:mod:`.worker`) of a :class:`.pool.Pool`, and passes on what comes back. Nothing is imported here: a process
needs little of it.
"""
