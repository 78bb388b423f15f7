package dev.shunt.embedded;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The servers that tests run on: one Postgres, one Redis and one Temporal for each JVM, started when first asked for.
 * Embedded ones, or containers with {@code -Dshunt.backends=testcontainers}. A test never shares a database with another.
 */
public final class TestBackends {

    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final AtomicInteger REDIS_DATABASES = new AtomicInteger();

    private TestBackends() {}

    /** A new database with all migrations. */
    public static DataSource migratedDatabase() {
        return dataSource(create("template " + Template.NAME));
    }

    /** A new, empty database; user and password are in the URL. */
    public static String freshJdbcUrl() {
        return create("template template0");
    }

    /** A data source without a pool: each connection is a new one. */
    public static DataSource dataSource(String jdbcUrl) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(jdbcUrl);
        return source;
    }

    /** An empty numbered database of the shared Redis. */
    public static String freshRedisUrl() {
        int database = REDIS_DATABASES.incrementAndGet();
        if (database >= SharedServers.REDIS_DATABASES) {
            throw new IllegalStateException(
                    "more than " + SharedServers.REDIS_DATABASES + " Redis databases in one JVM");
        }
        return SharedServers.redisUrl() + "/" + database;
    }

    /** A Redis of the caller's own, running, to be hurt. Ends with the JVM, or when closed. */
    public static RedisServerHandle dedicatedRedis() {
        return new RedisServerHandle(TestFolder.fresh("redis"));
    }

    /** A Postgres of the caller's own, running, to be hurt. Ends with the JVM, or when closed. */
    public static DedicatedPostgres dedicatedPostgres() {
        return new DedicatedPostgres(TestFolder.fresh("postgres"));
    }

    /** A Temporal server with the namespace {@code default}: a development server if its tool is on the PATH, else in memory. */
    public static String temporalAddress() {
        return SharedServers.temporalAddress();
    }

    private static String create(String template) {
        String name = "t" + DATABASES.incrementAndGet();
        // A template must have no other users while it is copied; tests may run at the same time.
        synchronized (TestBackends.class) {
            execute(
                    template.contains(Template.NAME) ? Template.MAINTENANCE : SharedServers.jdbcUrl("postgres"),
                    "create database " + name + " " + template);
        }
        return SharedServers.jdbcUrl(name);
    }

    private static void execute(String url, String sql) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql + " failed on " + url, e);
        }
    }

    /** Migrated once; copying it is much faster than migrating again. */
    private static final class Template {
        static final String NAME = "migrated";
        static final String MAINTENANCE = SharedServers.jdbcUrl("postgres");

        static {
            execute(MAINTENANCE, "create database " + NAME);
            Flyway.configure()
                    .dataSource(dataSource(SharedServers.jdbcUrl(NAME)))
                    .load()
                    .migrate();
        }
    }
}
