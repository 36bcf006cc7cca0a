"""What people read: where things stand, on what evidence, and how well we looked."""
