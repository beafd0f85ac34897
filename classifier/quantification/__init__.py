"""From many tags to a mix with intervals, and how that estimator is fitted."""
