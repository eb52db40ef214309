"""What programs talk to: SPARQL, the graph store, reconciliation."""
