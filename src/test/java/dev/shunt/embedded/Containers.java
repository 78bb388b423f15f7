package dev.shunt.embedded;

import org.testcontainers.containers.GenericContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** The shared servers as containers; Testcontainers removes them when the JVM ends. */
final class Containers {

    private static final PostgreSQLContainer POSTGRES = new PostgreSQLContainer(
                    DockerImageName.parse("postgres:17-alpine"))
            .withUsername("shunt")
            .withPassword("shunt");
    private static final GenericContainer<?> REDIS = new GenericContainer<>(DockerImageName.parse("redis:7-alpine"))
            .withExposedPorts(6379)
            .withCommand("redis-server", "--appendonly", "yes", "--databases", "" + SharedServers.REDIS_DATABASES);

    static {
        POSTGRES.start();
        REDIS.start();
        System.out.println("Tests run on containers: " + jdbcUrl("postgres") + ", " + redisUrl());
    }

    private Containers() {}

    static String jdbcUrl(String database) {
        return "jdbc:postgresql://" + POSTGRES.getHost() + ":" + POSTGRES.getMappedPort(5432) + "/" + database
                + "?user=shunt&password=shunt";
    }

    static String redisUrl() {
        return "redis://" + REDIS.getHost() + ":" + REDIS.getMappedPort(6379);
    }
}
