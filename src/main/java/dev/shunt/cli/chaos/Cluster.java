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

/** Services that share their backends; each reaches Redis over a line of its own, all reach Postgres over one. */
final class Cluster implements AutoCloseable {

    private static final Duration START_WITHIN = Duration.ofMinutes(3);

    // For services that live for minutes, are started anew all the time and share few cores with everything else.
    private static final List<String> MACHINE = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    // Where the cores are shared, many starts take longer than the second that suits a service with cores of its own.
    // With
    // this patience the first of them need no long warm-up, which under load takes its whole 20 s at every restart.
    private static final List<String> PATIENCE = List.of(
            "--shunt.temporal.start-deadline=5s",
            "--shunt.temporal.late-start-limit=30s",
            "--shunt.temporal.warm-up=2");

    // Whoever keeps a connection longer than any fault lasts is named in the log, with a stack trace.
    private static final String LEAKS = "--spring.datasource.hikari.leak-detection-threshold=40000";

    private final Path folder;
    private final List<String> further;
    private final @Nullable Path build;
    private final List<String> roles;
    private final Backends backends;
    private final SlowRelay postgresRelay;
    private final List<ServiceProcess> services = new ArrayList<>();
    private final List<Shunt> doors = new ArrayList<>();
    private final List<RedisRelay> redisRelays = new ArrayList<>();

    Cluster(Path folder) throws IOException, InterruptedException {
        this(folder, List.of());
    }

    /** @param further settings of every service */
    Cluster(Path folder, List<String> further) throws IOException, InterruptedException {
        this(folder, further, List.of(), null);
    }

    /**
     * @param further settings of every service
     * @param roles of each service, in their order; all where nothing is said
     */
    Cluster(Path folder, List<String> further, List<String> roles) throws IOException, InterruptedException {
        this(folder, further, roles, null);
    }

    /**
     * @param further settings of every service
     * @param roles of each service, in their order; all where nothing is said
     * @param build the jar that every service runs from at first; null for this very program
     */
    Cluster(Path folder, List<String> further, List<String> roles, @Nullable Path build)
            throws IOException, InterruptedException {
        this.folder = folder;
        this.build = build;
        this.further = List.copyOf(further);
        this.roles = List.copyOf(roles);
        backends = new Backends(folder.resolve("backends"));
        postgresRelay = new SlowRelay(jdbc().getPort());
    }

    /** Starts or stops services until there are so many that all serve on both routes. */
    void scale(int instances) throws IOException, InterruptedException {
        while (services.size() > instances) {
            services.removeLast().close();
            doors.removeLast();
            redisRelays.removeLast().close();
        }
        List<ServiceProcess> fresh = new ArrayList<>();
        while (services.size() < instances) {
            ServiceProcess service = next(services.size());
            services.add(service);
            doors.add(new Shunt(service.url()));
            fresh.add(service);
        }
        for (ServiceProcess service : fresh) {
            service.launch();
        }
        for (ServiceProcess service : fresh) {
            service.awaitAnswer(START_WITHIN);
        }
        awaitRoutes();
    }

    /** Until every service serves on both routes. */
    void awaitRoutes() throws InterruptedException {
        for (Shunt door : doors) {
            awaitRoutes(door);
        }
    }

    Backends backends() {
        return backends;
    }

    List<ServiceProcess> services() {
        return services;
    }

    Shunt shunt(int service) {
        return doors.get(service);
    }

    List<Shunt> doors() {
        return doors;
    }

    RedisRelay redisRelay(int service) {
        return redisRelays.get(service);
    }

    SlowRelay postgresRelay() {
        return postgresRelay;
    }

    Path folder() {
        return folder;
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
        redisRelays.forEach(RedisRelay::release);
        services.parallelStream().forEach(ServiceProcess::close);
        for (RedisRelay relay : redisRelays) {
            relay.close();
        }
        postgresRelay.close();
        backends.close();
    }

    private ServiceProcess next(int index) throws IOException {
        var relay = new RedisRelay(backends.redis().getPort());
        redisRelays.add(relay);
        var settings = new ArrayList<>(List.of(
                "--shunt.redis.url=redis://127.0.0.1:" + relay.port(),
                "--spring.datasource.url=jdbc:postgresql://127.0.0.1:" + postgresRelay.port() + jdbc().getPath(),
                "--shunt.temporal.address=" + backends.temporal(),
                "--shunt.temporal.in-memory=" + !backends.hasTemporalProcess()));
        settings.add(LEAKS);
        settings.addAll(PATIENCE);
        settings.addAll(backends.login());
        settings.addAll(further);
        if (index < roles.size()) {
            settings.add("--shunt.roles=" + roles.get(index));
        }
        var service = new ServiceProcess(folder.resolve("service-" + (index + 1)), MACHINE, settings);
        service.runFrom(build);
        return service;
    }

    private URI jdbc() {
        return URI.create(backends.jdbcUrl().substring("jdbc:".length()));
    }

    private static void awaitRoutes(Shunt shunt) throws InterruptedException {
        Instant giveUp = Instant.now().plus(START_WITHIN);
        for (String unready = unready(shunt); !unready.isEmpty(); unready = unready(shunt)) {
            if (Instant.now().isAfter(giveUp)) {
                throw new DemoFailure("A route did not come up within " + START_WITHIN.toSeconds() + " s: " + unready);
            }
            Thread.sleep(200);
        }
    }

    private static String unready(Shunt shunt) throws InterruptedException {
        try {
            return shunt.unready();
        } catch (IOException unanswered) {
            return String.valueOf(unanswered.getMessage());
        }
    }
}
