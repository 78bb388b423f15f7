package dev.shunt.cli;

import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A service that was there before the demo and stays after it. The demo moves its percentage, and leaves it at 0. */
final class RunningService implements DemoService, AutoCloseable {

    /**
     * Where it is, as seen from here.
     *
     * @param token of the control API; null if it has none
     * @param redis null for what the service itself says
     * @param jdbcUrl null for what the service itself says
     * @param user of the database; it needs to read only
     * @param password null for none
     */
    record Addresses(
            URI url,
            @Nullable String token,
            @Nullable URI redis,
            @Nullable String jdbcUrl,
            String user,
            @Nullable String password) {

        /** With the token and the database's user from the environment, where secrets belong. */
        static Addresses of(URI url, @Nullable URI redis, @Nullable String jdbcUrl, Map<String, String> environment) {
            return new Addresses(
                    url,
                    ServiceOptions.tokenOf(environment),
                    redis,
                    jdbcUrl,
                    environment.getOrDefault("SHUNT_POSTGRES_USER", "shunt"),
                    environment.get("SHUNT_POSTGRES_PASSWORD"));
        }
    }

    private final Addresses addresses;
    private final Shunt shunt;
    private final String project;
    private boolean moved;

    /** @param project its own: rows of an earlier demo would be counted as doubled */
    RunningService(Addresses addresses, String project) {
        this.addresses = addresses;
        this.shunt = new Shunt(addresses.url(), addresses.token());
        this.project = project;
    }

    @Override
    public Shunt shunt() {
        return shunt;
    }

    @Override
    public String project() {
        return project;
    }

    @Override
    public void start() throws IOException, InterruptedException {
        Instant giveUp = Instant.now().plus(START_WITHIN);
        while (!shunt.isHealthy()) {
            if (Instant.now().isAfter(giveUp)) {
                throw new DemoFailure(
                        addresses.url() + "/health did not answer within " + START_WITHIN.toSeconds() + " s");
            }
            Thread.sleep(500);
        }
        JsonNode rollout = rollout();
        if (percentage(rollout) != 0 || !rollout.path("state").asString("").equals("NOT_STARTED")) {
            throw new DemoFailure("The demo moves the percentage of " + addresses.url()
                    + " and needs it at 0, and a rollout that was never started; it is at "
                    + rollout.path("percentage").asString("?") + ", "
                    + rollout.path("state").asString("?"));
        }
        synchronized (this) {
            moved = true;
        }
    }

    /** Leaves it at 0 and without shadow pairs, however the demo ended. */
    @Override
    public synchronized void close() throws InterruptedException {
        boolean interrupted = Thread.interrupted(); // which is why it is left: it must not end this, too
        try {
            if (moved && !isAsFound()) {
                shunt.rollback("demo, left early");
            }
            moved = false;
        } catch (IOException away) {
            throw new DemoFailure(
                    addresses.url() + " may still not be at 0 % and could not be rolled back by the demo: order it with"
                            + " the card of migration-runbook.md",
                    away);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean isAsFound() throws IOException, InterruptedException {
        return percentage(rollout()) == 0
                && !shunt.get("/api/v1/shadow/trace").path("active").asBoolean();
    }

    private JsonNode rollout() throws IOException, InterruptedException {
        return shunt.get("/api/v1/rollouts/trace");
    }

    private static double percentage(JsonNode rollout) {
        return rollout.path("percentage").asDouble(-1);
    }

    @Override
    public void restart() {
        throw new DemoFailure(
                "--kill is for a service of the demo's own; scripts/compose-drill kills those of compose/");
    }

    @Override
    public URI redis() throws IOException, InterruptedException {
        URI given = addresses.redis();
        return given == null ? shunt.backends().redisUrl() : given;
    }

    @Override
    public Connection database() throws SQLException {
        try {
            String given = addresses.jdbcUrl();
            return DriverManager.getConnection(
                    given == null ? shunt.backends().jdbcUrl() : given, addresses.user(), addresses.password());
        } catch (IOException e) {
            throw new SQLException("the service does not say where its database is", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted", e);
        }
    }

    @Override
    public boolean shared() {
        return true;
    }
}
