"""From a corpus to trained vectors."""
