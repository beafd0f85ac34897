"""What every recruiting system's spider builds on: the contract and the machinery that asks boards."""
