package dev.shunt.store;

import static dev.shunt.store.Reads.utc;

import dev.shunt.core.InFlight.Open;
import dev.shunt.core.Item;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.Stamp;
import dev.shunt.core.StandIn;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

/** The table {@code stand_in}. */
@Component
@EnableConfigurationProperties(StandInSettings.class)
final class StandInStore implements StandIn {

    private static final int OPEN_LIMIT = 1_000;

    /** Of messages that are read at once; a larger one is read alone. */
    private static final int MOST_BYTES = 8_000_000;

    /**
     * For giving back one batch. The server ends a session that is idle in a transaction for 15 s (application.yaml), and this
     * one is, while its items are taken elsewhere; the last of them may take a whole {@code start-deadline} of 10 s.
     */
    static final Duration GIVING = Duration.ofSeconds(4);

    private static final Duration FULL_FOR = Duration.ofSeconds(5);
    private static final long COUNT_AGE_NANOS = Duration.ofSeconds(1).toNanos();

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final StandInSettings settings;
    private final Duration giving;
    private final Map<Workload, Count> counts = new ConcurrentHashMap<>();

    private record Count(long items, long nanos) {}

    private record Row(
            long id,
            @SuppressWarnings("ArrayRecordComponent") byte[] message) {

        static Row of(ResultSet row, int number) throws SQLException {
            return new Row(row.getLong("id"), row.getBytes("message"));
        }
    }

    @Autowired
    StandInStore(JdbcClient jdbc, TransactionOperations transaction, StandInSettings settings) {
        this(jdbc, transaction, settings, GIVING);
    }

    /** @param giving after this time a batch ends with what was taken until then */
    StandInStore(JdbcClient jdbc, TransactionOperations transaction, StandInSettings settings, Duration giving) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.settings = settings;
        this.giving = giving;
    }

    @Override
    public boolean keep(Item item, RouteDecision decision) {
        if (recentSize(item.workload()) >= settings.most()) {
            throw new UnavailableException(
                    "Postgres holds " + settings.most() + " items of " + item.workload()
                            + " for Redis and takes no more",
                    FULL_FOR,
                    null);
        }
        return ask(
                "keeping " + item.key(),
                () -> jdbc.sql("""
                        insert into stand_in (workload, item_key, message, accepted_at)
                        values (:workload, :key, :message, :acceptedAt)
                        on conflict (workload, item_key) do nothing
                        """)
                                .param("workload", item.workload().name())
                                .param("key", item.key().value())
                                .param("message", item.stamp(decision).appendTo(item.message()))
                                .param("acceptedAt", utc(item.acceptedAt()))
                                .update()
                        == 1);
    }

    @Override
    public int giveBack(Workload workload, int limit, Consumer<Standing> taker) {
        var failure = new Object() {
            @Nullable
            UnavailableException away;
        };
        Integer taken = ask(
                "giving back items of " + workload,
                () -> transaction.execute(status -> {
                    List<Long> gone = new ArrayList<>();
                    List<Row> rows = locked(workload, limit);
                    long begun = System.nanoTime();
                    for (Row row : rows) {
                        if (!gone.isEmpty() && System.nanoTime() - begun >= giving.toNanos()) {
                            break; // the rest with the next batch, before the server ends this one
                        }
                        try {
                            taker.accept(standing(workload, row.message()));
                            gone.add(row.id());
                        } catch (UnavailableException away) {
                            failure.away = away;
                            break;
                        }
                    }
                    if (!gone.isEmpty()) {
                        jdbc.sql("delete from stand_in where id = any(:ids)")
                                .param("ids", gone.toArray(Long[]::new))
                                .update();
                    }
                    return gone.size();
                }));
        if (failure.away != null) {
            throw failure.away;
        }
        return taken == null ? 0 : taken;
    }

    /** Rows that another instance is giving back are its own until it ends. */
    private List<Row> locked(Workload workload, int limit) {
        return jdbc.sql(fitting("""
                select id, message from stand_in where workload = :workload order by id limit :limit
                for update skip locked
                """))
                .param("workload", workload.name())
                .param("limit", limit)
                .param("mostBytes", MOST_BYTES)
                .query(Row::of)
                .list();
    }

    /** The first of these rows that are not too large together, and at least one. */
    private static String fitting(String rows) {
        return """
                select id, message from (
                    select id, message, row_number() over up_to as n, sum(octet_length(message)) over up_to as bytes
                    from (%s) r window up_to as (order by id rows unbounded preceding)) s
                where n = 1 or bytes <= :mostBytes order by id
                """.formatted(rows);
    }

    @Override
    public List<Open> open(Workload workload, Instant acceptedBefore) {
        List<Open> open = new ArrayList<>();
        long after = 0;
        List<Row> page;
        do {
            page = page(workload, acceptedBefore, after, OPEN_LIMIT - open.size());
            for (Row row : page) {
                open.add(openOf(standing(workload, row.message())));
                after = row.id();
            }
        } while (!page.isEmpty());
        return open;
    }

    private List<Row> page(Workload workload, Instant acceptedBefore, long after, int limit) {
        return ask(
                "reading what stands in",
                () -> jdbc.sql(fitting("""
                        select id, message from stand_in
                        where workload = :workload and accepted_at < :before and id > :after order by id limit :limit
                        """))
                        .param("workload", workload.name())
                        .param("before", utc(acceptedBefore))
                        .param("after", after)
                        .param("limit", limit)
                        .param("mostBytes", MOST_BYTES)
                        .query(Row::of)
                        .list());
    }

    private static Open openOf(Standing one) {
        return new Open(
                one.item().key(), one.decision(), one.item().wayIn(), one.item().acceptedAt());
    }

    @Override
    public long size(Workload workload) {
        long items = ask(
                "counting what stands in",
                () -> jdbc.sql("select count(*) from stand_in where workload = :workload")
                        .param("workload", workload.name())
                        .query(Long.class)
                        .single());
        counts.put(workload, new Count(items, System.nanoTime()));
        return items;
    }

    private long recentSize(Workload workload) {
        Count last = counts.get(workload);
        return last == null || System.nanoTime() - last.nanos() > COUNT_AGE_NANOS ? size(workload) : last.items();
    }

    private static Standing standing(Workload workload, byte[] stamped) {
        Stamp.Stamped parts = Stamp.split(stamped);
        Stamp stamp = parts.stamp().orElseThrow(() -> new IllegalStateException("a row of stand_in has no stamp"));
        var item = new Item(
                workload,
                stamp.key(),
                stamp.key().subjectKey(), // its route is decided, nobody asks for the routing key again
                parts.message(),
                stamp.wayIn(),
                stamp.acceptedAt(),
                stamp.evidence(),
                stamp.lineage());
        return new Standing(item, stamp.decision());
    }

    private static <T> T ask(String doing, Supplier<T> question) {
        try {
            return question.get();
        } catch (DataAccessException | TransactionException fault) {
            throw PostgresFaults.toThrow(doing, fault);
        }
    }
}
