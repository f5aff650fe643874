# Every target finds JDK 25 by itself; see .ci/mvn.sh for what else it checks.
MVN := .ci/mvn.sh
# How often a demo that failed is played in make check.
ATTEMPTS := 1
BERINGIA := scenarios/target/beringia/bin/beringia

# Where make kube-binaries builds to, and make verify looks.
KUBE_BINARIES ?= $(CURDIR)/target/kube-binaries

.DEFAULT_GOAL := help
.PHONY: help build test check demo drills kube-binaries verify interop soak bench bench-discovery bench-failover bench-trust fuzz attack scan memory-limit browser nightly format clean

help: ## Say what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

build: ## Compile and lay out a runnable scenarios/target/beringia
	@$(MVN) -q package -Dmaven.test.skip=true
	@.ci/alone.sh $(BERINGIA) rehearse || true
	@echo "built: $(BERINGIA)"

# One module after the other: they form a chain. Inside of one, two test classes share the two cores (pom.xml, test.lanes).
test: ## Build and run every unit test
	@$(MVN) package
	@.ci/leaks.sh
	@.ci/left.sh

check: test ## All that CI does: tests, then formatting and the demo
	@$(MVN) -q spotless:check
	@.ci/alone.sh $(BERINGIA) rehearse || true
	@$(BERINGIA) demo --attempts $(ATTEMPTS)
	@.ci/left.sh
	@echo "checked"

demo: build ## The whole job on one machine (KEEP=1 leaves it running)
	@$(BERINGIA) demo $(if $(KEEP),--keep)

drills: build ## Regions lost on purpose in network namespaces, as root (D=name; all if left out)
	@$(BERINGIA) drill run $(D)
	@.ci/left.sh

kube-binaries: ## Build kube-apiserver and etcd from Go modules, for make verify (KUBE_BINARIES=/directory)
	@.ci/kube-binaries.sh '$(KUBE_BINARIES)'

verify: export KUBE_BINARIES := $(KUBE_BINARIES)
verify: export REQUIRE_KUBE := 1
verify: export MCS_CONFORMANCE := $(MCS_CONFORMANCE)
verify: export REQUIRE_MCS_CONFORMANCE := $(REQUIRE_MCS_CONFORMANCE)
verify: ## The tests against real API servers (KUBE_BINARIES=/directory of kube-apiserver and etcd, MCS_CONFORMANCE=/path/to/suite)
	@.ci/kube-binaries.sh --check '$(KUBE_BINARIES)'
	@[ -n "$$MCS_CONFORMANCE" ] || \
		echo "verify: conformance SKIPPED, MCS_CONFORMANCE is not set (expected: the suite of sigs.k8s.io/mcs-api)" >&2
	@$(MVN) package -pl discovery-sync -am -Dtest.groups=kube -Dtest.excludedGroups= -Dtest.lanes=1
	@.ci/left.sh

interop: export ZTUNNEL := $(ZTUNNEL)
interop: export REQUIRE_INTEROP := $(REQUIRE_INTEROP)
interop: export HBONE_CLIENT := $(HBONE_CLIENT)
interop: ## The tests against a real ztunnel (ZTUNNEL=/path/to/ztunnel), and Istio's Go client (HBONE_CLIENT=/path/to/client)
	@if [ -n "$$ZTUNNEL" ]; then \
		[ -n "$$HBONE_CLIENT" ] || \
			echo "interop: calls by Istio's Go client SKIPPED, HBONE_CLIENT is not set (expected: the path of that client)" >&2; \
		$(MVN) package -Dtest.groups=interop -Dtest.excludedGroups=; \
	else \
		echo "interop: SKIPPED, ZTUNNEL is not set (expected: the path of a ztunnel)" >&2; \
		[ "$$REQUIRE_INTEROP" != 1 ]; \
	fi

soak: MINUTES := 15
soak: RATE := 200
soak: export ZTUNNEL := $(ZTUNNEL)
soak: export REQUIRE_INTEROP := 1
soak: build ## New connections through a real ztunnel while gateways are killed in turn (ZTUNNEL=/path/to/ztunnel, MINUTES=15, RATE=200)
	@rm -rf scenarios/target/soak
	@$(MVN) package -Dtest.groups=soak -Dtest.excludedGroups= -Dsoak.minutes='$(MINUTES)' -Dsoak.rate='$(RATE)' \
		-Dlab.beringia='$(abspath $(BERINGIA))'
	@cat scenarios/target/soak/table.txt

bench: export ZTUNNEL := $(ZTUNNEL)
bench: build ## The gateway beside other proxies, as ratios (ZTUNNEL=/path, ENVOY=/path, BENCH=quick, BENCH_ONLY=part,part)
	@ENVOY=$$(.ci/envoy.sh) .ci/alone.sh $(BERINGIA) bench $(if $(filter quick,$(BENCH)),--quick) $(if $(BENCH_ONLY),--only '$(BENCH_ONLY)')

bench-trust: build ## What certificates and their records cost, beside the JDK's own (BENCH=quick, BENCH_ONLY=part,part)
	@$(BERINGIA) bench-trust $(if $(filter quick,$(BENCH)),--quick) $(if $(BENCH_ONLY),--only '$(BENCH_ONLY)')

bench-discovery: build ## How late discovery is, and what large meshes cost (BENCH=quick, BENCH_ONLY=part,part)
	@.ci/alone.sh $(BERINGIA) bench-discovery $(if $(filter quick,$(BENCH)),--quick) $(if $(BENCH_ONLY),--only '$(BENCH_ONLY)')

bench-failover: build ## How soon failover decides and what it costs, beside its goals and what drills have shown (BENCH=quick, BENCH_ONLY=part,part)
	@.ci/alone.sh $(BERINGIA) bench-failover $(if $(filter quick,$(BENCH)),--quick) $(if $(BENCH_ONLY),--only '$(BENCH_ONLY)')

# Tests run with the inputs that are kept; this looks for more.
fuzz: SECONDS := 60
fuzz: export KEEP := $(KEEP)
fuzz: ## Look for inputs that break a parser (TARGET=Frames, SECONDS=60 each, KEEP=1 keeps what they reach)
	@$(MVN) -q package -DskipTests -Pfuzz
	@.ci/fuzz.sh '$(TARGET)' '$(SECONDS)'

attack: build ## What hostile peers do to a gateway, and what it costs (ATTACK_ONLY=A1,A4)
	@.ci/alone.sh $(BERINGIA) attack $(if $(ATTACK_ONLY),--only '$(ATTACK_ONLY)')

scan: ## What testssl.sh says of the TLS ports of a region (Debian: testssl.sh)
	@if command -v testssl >/dev/null; then \
		$(MVN) package -Dtest.groups=testssl -Dtest.excludedGroups=; \
	else \
		echo "scan: SKIPPED, testssl is not on PATH (expected: Debian's package testssl.sh)" >&2; \
		[ "$(REQUIRE_SCAN)" != 1 ]; \
	fi

browser: export REQUIRE_BROWSER := $(REQUIRE_BROWSER)
browser: ## The console in a headless browser (Debian: chromium)
	@$(MVN) package -pl failover -am -Dtest.groups=browser -Dtest.excludedGroups=

memory-limit: export REQUIRE_CGROUP := $(REQUIRE_CGROUP)
memory-limit: ## A flooded gateway within a memory limit of the kernel, as root
	@$(MVN) package -Dtest.groups=cgroup -Dtest.excludedGroups=

nightly: export ZTUNNEL := $(ZTUNNEL)
nightly: export HBONE_CLIENT := $(HBONE_CLIENT)
nightly: export KUBE_BINARIES := $(KUBE_BINARIES)
nightly: export MCS_CONFORMANCE := $(MCS_CONFORMANCE)
nightly: ## scan, browser, memory-limit, verify, attack, fuzz, interop and soak; what cannot run here is skipped (ZTUNNEL=/path/to/ztunnel)
	@.ci/nightly

format: ## Format every source file
	@$(MVN) -q spotless:apply

clean: ## Remove all build output
	@$(MVN) -q clean
