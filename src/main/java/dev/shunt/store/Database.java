package dev.shunt.store;

/**
 * Where the store's Postgres is.
 *
 * @param url JDBC address
 */
record Database(String url, String user, String password) {}
