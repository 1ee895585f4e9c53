"""Files to take away: what they hold, how they are written, and the log of who took which."""
