"""Where the rooms are joined: settings, addresses, event handlers, the schedule."""
