"""The tagger: its vectorizer, its linear layers, its file, and how it explains a tag."""
