package dev.shunt.architecture.bad.console;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Imports what this package must not know. */
record KnowsSql(JdbcClient forbidden) {}
