package dev.shunt.embedded;

/** The servers that all tests of this JVM share. */
final class SharedServers {

    static final int REDIS_DATABASES = 1024;

    private static final boolean CONTAINERS = "testcontainers".equals(System.getProperty("shunt.backends"));

    private SharedServers() {}

    static String jdbcUrl(String database) {
        return CONTAINERS ? Containers.jdbcUrl(database) : Postgres.SERVER.jdbcUrl(database);
    }

    static String redisUrl() {
        return CONTAINERS ? Containers.redisUrl() : Redis.SERVER.url();
    }

    static String temporalAddress() {
        return Temporal.SERVER.address();
    }

    private static final class Postgres {
        static final DedicatedPostgres SERVER = new DedicatedPostgres(TestFolder.fresh("shared-postgres"));

        static {
            System.out.println("Tests run on Postgres: " + SERVER.description());
        }
    }

    private static final class Redis {
        static final RedisServerHandle SERVER = new RedisServerHandle(TestFolder.fresh("shared-redis"));

        static {
            System.out.println("Tests run on Redis: " + SERVER.description());
        }
    }

    private static final class Temporal {
        static final TemporalBackend SERVER = Programs.onPath("temporal")
                .<TemporalBackend>map(
                        tool -> new TemporalDevServer(tool, TestFolder.fresh("shared-temporal"), "default"))
                .orElseGet(InMemoryTemporal::new);

        static {
            SERVER.start();
            Runtime.getRuntime().addShutdownHook(new Thread(SERVER::close));
            System.out.println("Tests run on Temporal: " + SERVER.description());
        }
    }
}
