"""Everything of one person: exported, put back, erased; and everything of everybody: backed up."""
