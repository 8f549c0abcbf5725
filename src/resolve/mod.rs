//! Parameter sources in order; expressions to values.
