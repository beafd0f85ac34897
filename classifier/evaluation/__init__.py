"""How right tags and mixes are, measured on companies that the tagger was not trained on."""
