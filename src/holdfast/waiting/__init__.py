"""People who wait for a time: a freed one is held for the first of them, offered by mail, and then passes on."""
