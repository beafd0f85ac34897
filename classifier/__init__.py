"""First floor: from a posting's text to a role, and from many roles to a mix."""
