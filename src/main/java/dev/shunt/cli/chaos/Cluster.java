package dev.shunt.cli.chaos;

import dev.shunt.cli.DemoFailure;
import dev.shunt.cli.ServiceProcess;
import dev.shunt.cli.Shunt;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Services that share their backends. */
final class Cluster implements AutoCloseable {

    private static final Duration START_WITHIN = Duration.ofSeconds(180);

    private final Backends backends;
    private final List<ServiceProcess> services = new ArrayList<>();
    private @Nullable Relay redisRelay;
    private @Nullable Relay postgresRelay;

    /** @param relayed whether the services reach Redis and Postgres only through relays */
    Cluster(Path folder, int instances, boolean relayed) throws IOException, InterruptedException {
        backends = new Backends(folder.resolve("backends"));
        URI jdbc = URI.create(backends.jdbcUrl().substring("jdbc:".length()));
        int redisPort = backends.redis().getPort();
        int postgresPort = jdbc.getPort();
        if (relayed) {
            redisRelay = new Relay(redisPort);
            postgresRelay = new Relay(postgresPort);
            redisPort = redisRelay.port();
            postgresPort = postgresRelay.port();
        }
        var settings = new ArrayList<>(List.of(
                "--shunt.redis.url=redis://127.0.0.1:" + redisPort,
                "--spring.datasource.url=jdbc:postgresql://127.0.0.1:" + postgresPort + jdbc.getPath(),
                "--shunt.temporal.address=" + backends.temporal()));
        settings.addAll(backends.login());
        for (int i = 0; i < instances; i++) {
            services.add(new ServiceProcess(folder.resolve("service-" + (i + 1)), List.of("-Xmx256m"), settings));
        }
    }

    void start() throws IOException, InterruptedException {
        for (ServiceProcess service : services) {
            service.start(START_WITHIN);
        }
        for (ServiceProcess service : services) {
            awaitRoutes(new Shunt(service.url()));
        }
    }

    Backends backends() {
        return backends;
    }

    List<ServiceProcess> services() {
        return services;
    }

    Shunt shunt(int service) {
        return new Shunt(services.get(service).url());
    }

    boolean isRelayed() {
        return redisRelay != null;
    }

    Relay redisRelay() {
        return relay(redisRelay);
    }

    Relay postgresRelay() {
        return relay(postgresRelay);
    }

    /** Starts a service that was ended; others may serve meanwhile. */
    void restart(ServiceProcess service) throws IOException, InterruptedException {
        service.start(START_WITHIN);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        for (ServiceProcess service : services) {
            if (service.isAlive()) {
                Signals.thaw(service.pid());
            }
        }
        services.parallelStream().forEach(ServiceProcess::close);
        if (redisRelay != null) {
            redisRelay.close();
        }
        if (postgresRelay != null) {
            postgresRelay.close();
        }
        backends.close();
    }

    private static Relay relay(@Nullable Relay relay) {
        if (relay == null) {
            throw new IllegalStateException("this cluster has no relays");
        }
        return relay;
    }

    private static void awaitRoutes(Shunt shunt) throws IOException, InterruptedException {
        Instant giveUp = Instant.now().plus(START_WITHIN);
        for (String unready = shunt.unready(); !unready.isEmpty(); unready = shunt.unready()) {
            if (Instant.now().isAfter(giveUp)) {
                throw new DemoFailure("A route did not come up within " + START_WITHIN.toSeconds() + " s: " + unready);
            }
            Thread.sleep(200);
        }
    }
}
