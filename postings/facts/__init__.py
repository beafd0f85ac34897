"""Facts read from a posting's raw fields and text: pay, employment type, dates."""
