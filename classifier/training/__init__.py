"""From labelled postings to a tagger: corpora, labels, cross-validation and training."""
