"""Publishers are organisations: which one published an entry, and which agency a report credits. Pure but for data."""
