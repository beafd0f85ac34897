"""From bytes to records, without HTTP: what responses, schema.org markup and feeds hold."""
