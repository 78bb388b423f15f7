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
}
