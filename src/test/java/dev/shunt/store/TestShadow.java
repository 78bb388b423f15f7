package dev.shunt.store;

import javax.sql.DataSource;

/** The tables about shadow pairs of a test's own database. */
public final class TestShadow {

    private TestShadow() {}

    public static ShadowOrders orders(DataSource database) {
        return new ShadowOrders(database);
    }

    public static ShadowMinutes minutes(DataSource database) {
        return new ShadowMinutes(database);
    }
}
