package dev.shunt.architecture.bad.legacy;

import io.temporal.client.WorkflowClient;

/** Imports what this package must not know. */
record KnowsTemporal(WorkflowClient forbidden) {}
