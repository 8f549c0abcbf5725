//! What the last run produced: versioned, locked, written whole.
