"""Legal time: which days count, for which State, municipality and authority, and why a day does not."""
