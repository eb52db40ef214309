"""What happened: triggers, their arguments, certainty, attribution and figures, joined sentence by sentence."""
