package dev.shunt.store;

import dev.shunt.core.Claim;
import dev.shunt.core.ClaimedBodies;
import dev.shunt.core.ItemKey;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Claimed bodies in Postgres. Writes run on a few threads of their own, because no timeout of JDBC bounds a frozen server
 * together with the wait for a connection; when all of them are stuck, the next caller is told so at once.
 */
@Component
final class ClaimedBodyStore implements ClaimedBodies, DisposableBean {

    private static final int WRITERS = 4;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final DataSource database;
    private final Clock clock;
    private final ThreadPoolExecutor writers = new ThreadPoolExecutor(
            0,
            WRITERS,
            30,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("shunt-claims-", 0).factory());

    ClaimedBodyStore(DataSource database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public Claim keep(Workload workload, ItemKey key, byte[] body, Duration within) {
        Claim claim = Claim.of(body);
        Future<?> write;
        try {
            write = writers.submit(() -> write(workload, key, claim, body, within));
        } catch (RejectedExecutionException full) {
            throw unavailable(key, "all " + WRITERS + " writers are busy", full);
        }
        try {
            write.get(within.toNanos(), TimeUnit.NANOSECONDS);
            return claim;
        } catch (TimeoutException late) {
            write.cancel(true);
            throw unavailable(key, "not within " + within.toMillis() + " ms", late);
        } catch (ExecutionException failed) {
            throw unavailable(key, String.valueOf(failed.getCause()), failed);
        } catch (InterruptedException asked) {
            write.cancel(true);
            Thread.currentThread().interrupt();
            throw unavailable(key, "interrupted", asked);
        }
    }

    // Touched first: what is there need not be sent again, and the purge leaves alone what has just been touched.
    private void write(Workload workload, ItemKey key, Claim claim, byte[] body, Duration within) {
        try (Connection connection = database.getConnection()) {
            if (update(connection, """
                    update claimed_body set created_at = ? where workload = ? and item_key = ? and sha256 = ?
                    """, workload, key, claim, null, within) == 0) {
                update(connection, """
                        insert into claimed_body (created_at, workload, item_key, sha256, body) values (?, ?, ?, ?, ?)
                        on conflict (workload, item_key, sha256) do update set created_at = excluded.created_at
                        """, workload, key, claim, body, within);
            }
        } catch (SQLException fault) {
            throw PostgresFaults.toThrow("keeping the body of " + key, fault);
        }
    }

    private int update(
            Connection connection,
            String sql,
            Workload workload,
            ItemKey key,
            Claim claim,
            byte @Nullable [] body,
            Duration within)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setQueryTimeout((int) Math.max(1, within.toSeconds()));
            statement.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
            statement.setString(2, workload.name());
            statement.setString(3, key.value());
            statement.setString(4, claim.sha256());
            if (body != null) {
                statement.setBytes(5, body);
            }
            return statement.executeUpdate();
        }
    }

    @Override
    public Optional<byte[]> find(Workload workload, ItemKey key, Claim claim) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "select body from claimed_body where workload = ? and item_key = ? and sha256 = ?")) {
            statement.setString(1, workload.name());
            statement.setString(2, key.value());
            statement.setString(3, claim.sha256());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
            }
        } catch (SQLException fault) {
            throw PostgresFaults.toThrow("reading the body of " + key, fault);
        }
    }

    private static UnavailableException unavailable(ItemKey key, String why, Exception cause) {
        return new UnavailableException("the body of " + key + " was not kept: " + why, RETRY_AFTER, cause);
    }

    @Override
    public void destroy() {
        writers.shutdownNow();
    }
}
