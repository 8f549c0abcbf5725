# A registry that misbehaves in every way that ends within seconds.
"$SHIPIT_E2E_ROOT/tests/e2e/faults/run" --fast --jobs 8
