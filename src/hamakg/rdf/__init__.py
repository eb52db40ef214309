"""The IRIs, ids, terms and labels of the data."""
