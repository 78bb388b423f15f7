package dev.shunt.architecture.bad.intake;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Imports what this package must not know. */
record KnowsSql(JdbcClient forbidden) {}
