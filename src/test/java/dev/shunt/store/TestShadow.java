package dev.shunt.store;

import javax.sql.DataSource;

/** The tables about shadow pairs of a test's own database. */
public final class TestShadow {

    private TestShadow() {}

    public static ShadowOrders orders(DataSource database) {
        return new ShadowOrders(database);
    }

    /** The schema of second runs, not made yet; its caller closes it. */
    public static ShadowSchema schema(DataSource database) {
        Database address = TestLanes.address(database);
        return new ShadowSchema(address, TestLanes.lanes(address), 2);
    }

    public static ShadowMinutes minutes(DataSource database) {
        return new ShadowMinutes(database);
    }

    /** The private tables, made and ready. The lanes opened into them are closed by whoever opened them. */
    public static ShadowSchema migrated(DataSource database) {
        ShadowSchema schema = schema(database);
        schema.migrate();
        return schema;
    }
}
