"""What every recruiting system's spider builds on: the contract, and the base classes that crawl boards."""
