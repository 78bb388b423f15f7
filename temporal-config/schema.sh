#!/bin/sh
# Creates Temporal's two databases and brings their schemas up to the version of these tools. Safe to run again.
set -eu

SCHEMA=/etc/temporal/schema/postgresql/v12

tool() {
  temporal-sql-tool --plugin "$SQL_PLUGIN" --ep "$SQL_HOST" -p "$SQL_PORT" -u "$SQL_USER" --db "$database" "$@"
}

prepare() {
  database=$1
  versions=$2
  tool create
  # Update first: setting up a schema that exists may put its version back to 0.0, and the next update would fail.
  if ! tool update-schema -d "$versions"; then
    echo "No schema in $database yet, which is what the error above says: setting it up"
    tool setup-schema -v 0.0
    tool update-schema -d "$versions"
  fi
}

prepare temporal "$SCHEMA/temporal/versioned"
prepare temporal_visibility "$SCHEMA/visibility/versioned"
