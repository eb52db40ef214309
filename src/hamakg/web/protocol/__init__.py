"""The protocols for programs: SPARQL, the graph store, reconciliation."""
