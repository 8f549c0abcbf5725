# What is done with this repository. `make demo` and `make test` work on a fresh machine with
# Debian or Ubuntu; `make ci` is what continuous integration runs, and no step of it lives elsewhere.

.PHONY: demo test ci e2e faults bench schemas format lint check-format check-schemas docs deny check-bicep check-compose \
	check-kubernetes policy

SHIPIT  := target/release/shipit
# Built from source, once (two minutes): the ready-made one on PyPI, 0.14.2, does not know the
# license Unicode-3.0.
DENY    := 0.20.2
TOOLS   := $(CURDIR)/target/tools
# A rustup without a place in the shell's start-up files is found all the same.
export PATH := $(PATH):$(HOME)/.cargo/bin

demo:
	@tests/services need cc cargo busybox curl
	cargo build --release --locked
	@engine=$$(tests/services engine) || exit 1; eval "$$engine"; set -ex; \
	$(SHIPIT) deploy -f samples/quickstart/apphost.toml; \
	$(SHIPIT) registry list -f samples/quickstart/apphost.toml; \
	curl --fail --silent --show-error http://localhost:8088/ http://localhost:8088/cgi-bin/greetings; \
	set +x; echo "It goes on running. To take it down:"; echo "  $$engine$${engine:+; }$(SHIPIT) destroy -f samples/quickstart/apphost.toml"

test:
	@tests/services need cc cargo
	cargo test --locked

ci: check-format lint
	@if cargo nextest --version >/dev/null 2>&1; then set -ex; \
		cargo nextest run --locked; cargo test --locked --doc; \
	else set -ex; cargo test --locked; fi
	$(MAKE) check-schemas docs deny

# A real engine and real registries; tests/e2e/run says how.
e2e:
	tests/e2e/run

# All faults of the matrix, slow ones too: a quarter of an hour. `make e2e` has the fast ones.
faults:
	tests/e2e/faults/run

# What is published, by the compiler or by CHECKER, which gets the folders as its last arguments.
check-bicep:
	tests/bicep check $(CHECKER)

# The same for Docker Compose, by its schema and by itself.
check-compose:
	tests/compose/check

# Charts rendered as Helm does, schemas of three versions of Kubernetes, the restricted Pod Security Standard.
check-kubernetes:
	tests/kubernetes/check

# Bicep by checkov.
policy:
	tests/bicep policy

bench:
	benches/run

schemas:
	@mkdir -p target schemas
	cargo run -q --locked -- schema > target/apphost.schema.json
	mv target/apphost.schema.json schemas/apphost.schema.json

format:
	cargo fmt

check-format:
	cargo fmt --check

lint:
	cargo clippy --locked --all-targets -- -D warnings

check-schemas: schemas
	git diff --exit-code -- schemas

docs:
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --document-private-items

# Without advisories: their database is on the network, and what it says changes from day to day.
deny: $(TOOLS)/bin/cargo-deny-$(DENY)
	cargo fetch --quiet --locked
	$< --offline --locked --config .cargo/deny.toml check bans licenses sources

$(TOOLS)/bin/cargo-deny-$(DENY):
	cargo install cargo-deny --version $(DENY) --locked --root $(TOOLS) --target-dir $(TOOLS)/build
	mv $(TOOLS)/bin/cargo-deny $@
	rm -rf $(TOOLS)/build
