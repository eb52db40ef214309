"""SPARQL: reading queries and updates before they run, and asking the graph."""
