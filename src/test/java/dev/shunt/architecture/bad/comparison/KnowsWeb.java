package dev.shunt.architecture.bad.comparison;

import org.springframework.web.client.RestClient;

/** Imports what this package must not know. */
record KnowsWeb(RestClient forbidden) {}
