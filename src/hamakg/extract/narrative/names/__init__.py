"""Who and what is named: names, the entities that they stand for, sides, and who a phrase or a pronoun means."""
