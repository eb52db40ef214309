"""What the commands print: on standard output what was asked for, on standard error how far they are."""
