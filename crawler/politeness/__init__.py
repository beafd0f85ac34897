"""What a request passes before it is sent: robots.txt, terms, pauses, the address guard and the gateway."""
