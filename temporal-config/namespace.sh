#!/bin/sh
# Waits until the Temporal cluster says that it serves, then makes Shunt's namespace and search attributes.
# Safe to run again: what is there is kept, and its retention is brought to RETENTION.
set -eu

NAMESPACE=${TEMPORAL_NAMESPACE:-default}
# Closed workflows can be looked at for this long. Shunt's own ledger does not depend on it.
RETENTION=${TEMPORAL_RETENTION:-30d}

tries=0
until temporal operator cluster health >/dev/null 2>&1; do
  tries=$((tries + 1))
  if [ "$tries" -ge 60 ]; then
    echo "Temporal at ${TEMPORAL_ADDRESS:-localhost:7233} did not say SERVING within 2 minutes" >&2
    exit 1
  fi
  sleep 2
done

if temporal operator namespace describe --namespace "$NAMESPACE" >/dev/null 2>&1; then
  temporal operator namespace update --namespace "$NAMESPACE" --retention "$RETENTION"
else
  temporal operator namespace create --namespace "$NAMESPACE" --retention "$RETENTION" \
    --description "Work that Shunt routes to Temporal"
fi

# A new namespace is known to every service of the cluster only after its next refresh.
tries=0
until temporal operator search-attribute create --namespace "$NAMESPACE" \
  --name ShuntWorkload --type Keyword --name ShuntProject --type Keyword --name ShuntEpoch --type Int; do
  tries=$((tries + 1))
  if [ "$tries" -ge 15 ]; then
    echo "Search attributes could not be made; Shunt works without them" >&2
    exit 0
  fi
  sleep 2
done
