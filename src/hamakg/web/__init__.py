"""The service: the SPARQL endpoint, the graph store and the pages, over the newest generation of a store."""
