"""RDF: the IRIs, ids, terms and labels of our data."""
