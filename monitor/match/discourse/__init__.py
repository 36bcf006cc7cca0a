"""What other sentences of the same text change: answers, appeals, headlines, retractions."""
