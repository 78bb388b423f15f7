package dev.shunt.store;

import java.util.Objects;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The pools of production on a test's own database. */
public final class TestPools {

    private TestPools() {}

    /** What makes the pools of those who watch and what hangs on them. */
    public static Class<?>[] configurations() {
        return new Class<?>[] {WatchConfiguration.class, MetersConfiguration.class};
    }

    public static ReconcilePool reconcile(DataSource database) {
        var postgres = (PGSimpleDataSource) database;
        return new ReconcilePool(Objects.requireNonNull(postgres.getURL()), postgres.getUser(), postgres.getPassword());
    }
}
