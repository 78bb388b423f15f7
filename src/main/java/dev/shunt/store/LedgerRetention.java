package dev.shunt.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets finished items of long ago: whole days by dropping their partition, the rest row by row, a day later. An item
 * that is still open or pending is never forgotten, and keeps its partition. So does one that was stored lately, however
 * long ago it was accepted: what is stored, and by whom it was accepted, is compared for as long as the retention says.
 */
final class LedgerRetention {

    private static final Logger log = LoggerFactory.getLogger(LedgerRetention.class);
    static final Duration LOOK = Duration.ofHours(1);
    private static final int ROWS_AT_ONCE = 10_000;

    private static final String PARTITIONS = """
            select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
            where i.inhparent = 'ledger'::regclass and c.relname ~ '^ledger_[0-9]{8}$' order by c.relname
            """;

    /** What is stored after the midnight before which it was accepted does not keep its day. */
    private static final Duration STORED_AFTER = Duration.ofHours(1);

    private static final String UNFINISHED = "select exists (select from %s where state in ('OPEN', 'PENDING'))";

    /** By an index that is small, which is made sure of while others wait for the lock. */
    private static final String CHANGED = "select exists (select from %s where changed_at >= ?)";

    /** The sums of that day are made again, and find what other partitions still have of it. */
    private static final String NOTE = """
            insert into cohort_stale (workload, minute)
            select distinct workload, minute from cohort_minute where minute >= ?::timestamptz and minute < ?::timestamptz
            """;

    /** Gates do not count these items, and ask the ledger for that as long as it knows. */
    private static final String DECIDED_BY_PEOPLE = """
            update divergence d set by_people = true from ledger l
            where l.accepted_on < ? and l.reason = any(?) and d.workload = l.workload and d.item_key = l.item_key
                and not d.by_people
            """;

    private static final String DELETE = """
            delete from ledger where (accepted_on, workload, item_key) in (
                select accepted_on, workload, item_key from ledger
                where accepted_on < ? and state in ('DONE', 'DEAD') and (changed_at is null or changed_at < ?) limit ?)
            """;

    private final DataSource database;
    private final Duration retention;
    private final Clock clock;

    LedgerRetention(DataSource database, RetentionSettings settings, Clock clock) {
        this.database = database;
        this.retention = settings.retention();
        this.clock = clock;
    }

    /** @throws dev.shunt.core.UnavailableException if Postgres is away; what was forgotten by then stays so */
    void forget() {
        LocalDate oldest = LocalDate.ofInstant(clock.instant().minus(retention), ZoneOffset.UTC);
        OffsetDateTime changed = oldest.atStartOfDay().atOffset(ZoneOffset.UTC).plus(STORED_AFTER);
        try (Connection connection = database.getConnection()) {
            markDecidedByPeople(connection, oldest);
            for (String partition : partitions(connection)) {
                LocalDate day =
                        LocalDate.parse(partition.substring("ledger_".length()), DateTimeFormatter.BASIC_ISO_DATE);
                if (day.isBefore(oldest) && !isNeeded(connection, partition, changed)) {
                    drop(connection, partition, day, changed);
                }
            }
            // a day later: most days that could not be dropped today can be dropped then, in one piece
            while (delete(connection, oldest.minusDays(1), changed) == ROWS_AT_ONCE) {
                log.debug("Forgetting more finished items accepted before {}", oldest.minusDays(1));
            }
        } catch (SQLException fault) {
            throw PostgresFaults.toThrow("forgetting items accepted before " + oldest, fault);
        }
    }

    private static void markDecidedByPeople(Connection connection, LocalDate oldest) throws SQLException {
        try (PreparedStatement mark = connection.prepareStatement(DECIDED_BY_PEOPLE)) {
            mark.setObject(1, oldest);
            mark.setArray(2, connection.createArrayOf("text", GateReads.BY_PEOPLE.toArray()));
            mark.executeUpdate();
        }
    }

    private static List<String> partitions(Connection connection) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery(PARTITIONS)) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    /**
     * Work waits while the lock is asked for, so it is asked for shortly; the next look tries again. The ledger is locked
     * before its partition, as by everybody else.
     */
    private static void drop(Connection connection, String partition, LocalDate day, OffsetDateTime changed)
            throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set local lock_timeout = '300ms'");
            statement.execute("set local enable_seqscan = off");
            statement.execute("lock table only ledger in access exclusive mode");
            if (!isNeeded(connection, partition, changed)) {
                note(connection, day);
                statement.execute("drop table if exists " + partition);
                log.info("Ledger partition {} is older than the retention and was dropped", partition);
            }
            connection.commit();
        } catch (SQLException fault) {
            connection.rollback();
            if (!"55P03".equals(fault.getSQLState())) { // lock_not_available
                throw fault;
            }
            log.info("Ledger partition {} is in use and is dropped at the next look, in {}", partition, LOOK);
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static boolean isNeeded(Connection connection, String partition, OffsetDateTime changed)
            throws SQLException {
        try (PreparedStatement unfinished = connection.prepareStatement(UNFINISHED.formatted(partition));
                PreparedStatement late = connection.prepareStatement(CHANGED.formatted(partition))) {
            late.setObject(1, changed);
            return isTrue(unfinished) || isTrue(late);
        }
    }

    private static boolean isTrue(PreparedStatement question) throws SQLException {
        try (ResultSet answer = question.executeQuery()) {
            return answer.next() && answer.getBoolean(1);
        }
    }

    private static void note(Connection connection, LocalDate day) throws SQLException {
        try (PreparedStatement note = connection.prepareStatement(NOTE)) {
            note.setObject(1, day.atStartOfDay().atOffset(ZoneOffset.UTC));
            note.setObject(2, day.plusDays(1).atStartOfDay().atOffset(ZoneOffset.UTC));
            note.executeUpdate();
        }
    }

    private static int delete(Connection connection, LocalDate oldest, OffsetDateTime changed) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
            delete.setObject(1, oldest);
            delete.setObject(2, changed);
            delete.setInt(3, ROWS_AT_ONCE);
            return delete.executeUpdate();
        }
    }
}
