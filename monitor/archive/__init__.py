"""Archives: years of news read at once, by as many processes or machines as there are."""
