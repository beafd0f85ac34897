"""From a posting's text to terms: tokens, sections, job tracks and the glossary of titles."""
