"""What leaves the store: dumps in the formats of RDF."""

from hamakg.publish.dumps import FORMATS, dump

__all__ = ["FORMATS", "dump"]
