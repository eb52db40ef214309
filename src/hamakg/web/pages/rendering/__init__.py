"""What the pages share: RDF terms, properties and query results, prepared for the templates."""
