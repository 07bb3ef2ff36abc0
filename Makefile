# The commands of this repository. What they install lies in .venv and .cache; a lock file that changed is
# installed again. PYTHON names another Python: 3.11 to 3.13 to apply, 3.11 to test.

PYTHON ?= python3
ENDPOINT ?=
FRONT_END ?= process
ARGS ?=
LAMBDA_ROLE := mana-memory-lambda

BIN := .venv/bin
RUN := .venv/run.stamp
TEST := .venv/test.stamp
MINISTACK := .cache/ministack/stamp
LOCALSTACK := .cache/localstack/stamp
DYNALITE := .cache/dynalite/node_modules/dynalite/cli.js
include requirements/localstack.mk
KINESIS := .cache/localstack/lib/kinesis-local/$(KINESIS_VERSION)/node_modules/kinesis-local/main.js
DYNAMODB_LOCAL := .cache/localstack/lib/dynamodb-local/2/DynamoDBLocal.jar
BENCH := .cache/bench/stamp
VECTOR_CLIENTS := .cache/vector-clients/stamp
# Mastra as it is pinned, its newest release, and the Node that both ask for.
CLIENTS := $(addsuffix /node_modules/.package-lock.json,.cache/client .cache/client-newest)
NODE := .cache/node/node_modules/.package-lock.json

# Versions of Ansible beside the one that the other tests run on, each with its Python; pyenv hides those it has.
VERSIONS := 2.17 2.18 2.20 2.21 2.22
PYTHON_2.17 := python3.11
PYTHON_2.18 := python3.11
PYTHON_2.20 := $(lastword python3.12 $(wildcard $(HOME)/.pyenv/versions/3.12.*/bin/python3.12))
PYTHON_2.21 := $(lastword python3.13 $(wildcard $(HOME)/.pyenv/versions/3.13.*/bin/python3.13))
PYTHON_2.22 := $(PYTHON_2.21)

# The checkout is what runs, also where the collection is installed in the home folder.
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/.venv/collections
# Plays of one machine need no inventory.
export ANSIBLE_LOCALHOST_WARNING := false
export ANSIBLE_INVENTORY_UNPARSED_WARNING := false
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DELETE_ON_ERROR:
.PHONY: help apply audit verify destroy embedded-endpoint down test test-unit test-integration test-molecule test-convergence test-foretold test-faults test-kills test-slow test-versions test-acceptance test-aws lint bench endpoints lock clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

ifneq ($(filter-out aws,$(ENDPOINT)),)
$(error ENDPOINT=$(ENDPOINT) is not known: leave it out for an endpoint of this machine, or say ENDPOINT=aws)
endif

# The SDK would go where AWS_ENDPOINT_URL says, whatever ENDPOINT says.
ifneq ($(and $(ENDPOINT),$(AWS_ENDPOINT_URL)),)
$(error ENDPOINT=$(ENDPOINT) is AWS, and AWS_ENDPOINT_URL=$(AWS_ENDPOINT_URL) is not: unset AWS_ENDPOINT_URL, or leave ENDPOINT out)
endif

# What runs the modules in the tests' plays: the controller's process, or Ansible as it runs any module.
ifeq ($(filter process module,$(FRONT_END)),)
$(error FRONT_END=$(FRONT_END) is not known: leave it out for the controller's process, or say FRONT_END=module)
endif
export MANA_MEMORY_IN_PROCESS := $(if $(filter module,$(FRONT_END)),false,true)

# The embedded endpoint serves, unless the user names another. There, a role stands in for that of the user's Lambda.
ifeq ($(ENDPOINT)$(AWS_ENDPOINT_URL),)
ON_ENDPOINT := $(BIN)/python tools/endpoint.py run
STAND_IN := -e mana_memory_lambda_role_name=$(LAMBDA_ROLE)
EMBEDDED := embedded-endpoint
endif

# What a refusal tells to run once more.
apply audit verify destroy: export MANA_MEMORY_COMMAND = make $@$(if $(ENDPOINT), ENDPOINT=$(ENDPOINT))

apply: $(RUN) $(EMBEDDED) ## Declare mana's memory: on an endpoint of this machine, AWS_ENDPOINT_URL, or ENDPOINT=aws
	$(ON_ENDPOINT) $(BIN)/ansible-playbook playbooks/site.yml --diff $(STAND_IN) $(ARGS)

audit: ## Compare with what is declared, and change nothing
verify: ## Prove that mana can use its memory
destroy: ## Delete table and policy: ARGS='-e mana_memory_destroy=mana-memory'
audit verify destroy: $(RUN)
	$(ON_ENDPOINT) $(BIN)/ansible-playbook playbooks/$@.yml $(STAND_IN) $(ARGS)

embedded-endpoint: $(RUN) $(MINISTACK)
	@$(BIN)/python tools/endpoint.py start ministack
	@$(ON_ENDPOINT) $(BIN)/python tools/lambda_role.py $(LAMBDA_ROLE)

down: ## Stop the endpoint of this machine
	@$(PYTHON) tools/endpoint.py stop

test: $(TEST) $(MINISTACK) $(LOCALSTACK) $(DYNALITE) $(BENCH) $(CLIENTS) $(VECTOR_CLIENTS) ## Run everything: linters, units, integration, molecule, acceptance; also FRONT_END=module
	$(BIN)/python tools/run_tests.py lint unit integration molecule acceptance

test-unit: $(TEST) ## Run the unit tests
	$(BIN)/python tools/run_tests.py unit

test-integration: $(TEST) $(MINISTACK) $(LOCALSTACK) $(DYNALITE) ## Run the tests on real endpoints
	$(BIN)/python tools/run_tests.py integration

test-molecule: $(TEST) $(MINISTACK) $(LOCALSTACK) ## Run the molecule scenarios
	$(BIN)/python tools/run_tests.py molecule

test-convergence: $(TEST) $(MINISTACK) $(LOCALSTACK) ## Change and audit random tables on three endpoints: about twenty minutes
	$(BIN)/pytest tests/convergence -k 'not foretold' --hypothesis-profile=random --hypothesis-show-statistics

test-foretold: $(TEST) $(MINISTACK) ## Hold the plans of 200 random pairs to what they foretell: about ten minutes
	$(BIN)/pytest tests/convergence -k foretold --hypothesis-profile=random -n 2 --dist loadfile

test-aws: $(TEST) ## Hold a real account against the rules, with MANA_MEMORY_AWS_CONFIRM='make tables'
	$(BIN)/pytest tests/aws -s

test-faults: $(TEST) $(MINISTACK) ## Inject every kind of fault at every call: about half an hour
	$(BIN)/pytest tests/faults/test_faults.py -m matrix -n 2

test-kills: $(TEST) $(MINISTACK) ## Kill two hundred runs: about fifteen minutes
	$(BIN)/pytest tests/faults/test_kills.py tests/integration/test_fleets.py -k kill -m 'matrix or not matrix' -n 2

test-slow: $(TEST) $(LOCALSTACK) ## Run the tests that wait for slow indexes
	$(BIN)/pytest tests/integration -m slow

test-versions: $(VERSIONS:%=test-version-%) ## Run the tests of the front ends on other versions of Ansible

test-version-%: $(MINISTACK) | $(BIN)/pip
	@if $(PYTHON_$*) --version; then \
	  $(MAKE) --no-print-directory .cache/versions/$*/stamp && \
	  .cache/versions/$*/bin/ansible --version | sed -n 1p && \
	  .cache/versions/$*/bin/pytest tests/unit/plugins/plugin_utils \
	    tests/unit/plugins/module_utils/test_connection.py tests/integration/test_front_ends.py; \
	else echo 'ansible-core $* is skipped: there is no $(PYTHON_$*)'; fi

test-acceptance: $(TEST) $(MINISTACK) $(LOCALSTACK) $(BENCH) $(CLIENTS) $(VECTOR_CLIENTS) ## Run the real client, and community.aws
	$(BIN)/python tools/run_tests.py acceptance

lint: $(TEST) ## Run the linters
	$(BIN)/python tools/run_tests.py lint

bench: $(RUN) $(MINISTACK) $(BENCH) ## Time many tables, beside community.aws; ARGS='fleets audits' for parts of it
	$(BIN)/python benchmarks/run.py $(ARGS)

endpoints: $(RUN) $(MINISTACK) $(LOCALSTACK) $(DYNALITE) ## Install Ansible, and the endpoints that tests start

lock: ## Pin the newest versions that requirements/*.in allow
	$(PYTHON) -m venv .cache/uv
	.cache/uv/bin/pip install -qq uv
	for name in run ministack test bench vector-clients $(VERSIONS:%=versions/%); do \
	  case $$name in versions/2.20) python=3.12;; versions/2.2[12]) python=3.13;; *) python=3.11;; esac; \
	  UV_CUSTOM_COMPILE_COMMAND='make lock' .cache/uv/bin/uv pip compile --no-config --upgrade --quiet \
	    --universal --python-version $$python --generate-hashes \
	    requirements/$$name.in --output-file requirements/$$name.txt || exit; \
	done

clean: down ## Remove all that was installed or written
	rm -rf .venv .cache

$(BIN)/pip:
	$(PYTHON) -m venv .venv

# Ansible looks for collections in its own site-packages too, so a link there makes the checkout the collection.
define link_collection
mkdir -p $(1)/collections/ansible_collections/mana
ln -sfn "$(CURDIR)" $(1)/collections/ansible_collections/mana/memory
ln -sfn "$(CURDIR)/$(1)/collections/ansible_collections" \
  "$$($(1)/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
endef

$(RUN): requirements/run.txt | $(BIN)/pip
	$(BIN)/pip install -qq --require-hashes -r $<
	$(call link_collection,.venv)
	touch $@

$(TEST): requirements/test.txt $(RUN)
	$(BIN)/pip install -qq --require-hashes -r $<
	touch $@

# Environments beside the first one borrow its pip: quicker than another copy each.
$(MINISTACK) $(BENCH) $(VECTOR_CLIENTS): .cache/%/stamp: requirements/%.txt | $(BIN)/pip
	$(PYTHON) -m venv --clear --without-pip $(@D)
	$(BIN)/pip --python $(@D)/bin/python install -qq --require-hashes -r $<
	touch $@

.cache/versions/%/stamp: requirements/versions/%.txt | $(BIN)/pip
	$(PYTHON_$*) -m venv --clear --without-pip $(@D)
	$(BIN)/pip --python $(@D)/bin/python install -qq --require-hashes -r $<
	$(call link_collection,$(@D))
	touch $@

$(LOCALSTACK): requirements/localstack.txt $(DYNAMODB_LOCAL) $(KINESIS) | $(BIN)/pip
	$(PYTHON) -m venv --clear --without-pip .cache/localstack/venv
	$(BIN)/pip --python .cache/localstack/venv/bin/python install -qq --no-deps --require-hashes -r $<
	mkdir -p .cache/localstack/lib/java/21/bin
	printf '#!/bin/sh\nexec "%s" "%s" "$$@"\n' \
	  "$(CURDIR)/.cache/localstack/venv/bin/python" "$(CURDIR)/tools/splints/dynamodb_local.py" \
	  > .cache/localstack/lib/java/21/bin/java
	chmod +x .cache/localstack/lib/java/21/bin/java
	touch $@

# npm checks what it brings against the lock file, and the Node that runs it against what each package asks for; no
# install script runs. LocalStack would fetch its Kinesis during a test.
NODE_FOLDER = $(firstword $(subst /node_modules/, ,$@))
define install_node
mkdir -p $(NODE_FOLDER)
cp $(<D)/package.json $< $(NODE_FOLDER)
cd $(NODE_FOLDER) && npm ci --ignore-scripts --engine-strict --no-audit --no-fund --loglevel=error
mkdir -p $(@D)
touch $@
endef

$(DYNALITE): requirements/dynalite/package-lock.json
	$(install_node)

$(KINESIS): requirements/kinesis/package-lock.json
	$(install_node)

# Where the registry has no such Node, that of the machine has to be new enough.
$(NODE): requirements/node/package-lock.json
	$(install_node)

$(CLIENTS): export PATH := $(CURDIR)/.cache/node/node_modules/.bin:$(PATH)
$(CLIENTS): .cache/%/node_modules/.package-lock.json: requirements/%/package-lock.json $(NODE)
	$(install_node)

$(DYNAMODB_LOCAL):
	mkdir -p .cache/npm $(@D)
	npm pack --silent --json --pack-destination .cache/npm $(DYNAMODB_LOCAL_PACKAGE) | grep -qF '$(DYNAMODB_LOCAL_INTEGRITY)'
	tar -xzf .cache/npm/amplify-dynamodb-simulator-*.tgz -C $(@D) --strip-components 2 package/emulator
	rm -r .cache/npm
	touch $@
