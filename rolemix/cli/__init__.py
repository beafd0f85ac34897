"""The command ``rolemix``: one module a command, each thin over the library."""
