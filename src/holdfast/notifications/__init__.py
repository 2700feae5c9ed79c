"""Mail to customers and staff: what to say, in whose language, sent once, logged."""
