"""What a request must pass before it is sent: robots.txt, pauses, the address guard and the gateway."""
