"""From any page that a user pastes to the boards behind it."""
