package dev.shunt.cli.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.cli.RedisList;
import dev.shunt.cli.ServiceProcess;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the tap decided about each of many keys at each percentage, as the ledger has it. Each key comes once in every pass,
 * with another content, so each time it is an item of its own. Few starts are allowed, so most of what is decided for
 * Temporal runs on legacy as CAPPED: the decision is the same, and the passes are short.
 */
final class NestedShares {

    private static final String PROJECT = "scene-nested";
    private static final int AT_ONCE = 500;
    private static final int LEAST_PER_SECOND = 100;

    private final Stage stage;
    private final int keys;

    private NestedShares(Stage stage) {
        this.stage = stage;
        this.keys = stage.keys();
    }

    static void play(Stage stage) throws IOException, InterruptedException, SQLException {
        new NestedShares(stage).play();
    }

    private void play() throws IOException, InterruptedException, SQLException {
        BitSet ten = pass("first", 10);
        BitSet fifty = pass("second", 50);
        BitSet all = pass("third", 100);
        set(0);
        set(10);
        for (ServiceProcess service : stage.cluster().services()) {
            service.close();
            stage.cluster().restart(service);
        }
        stage.cluster().awaitRoutes();
        stage.say("10 -> 0 -> 10 %%, and both services were started anew");
        BitSet again = decided("fourth", stage.epoch());
        within(ten, "10 %", fifty, "50 %");
        within(fifty, "50 %", all, "100 %");
        stage.require(all.cardinality() == keys, "at 100 %% only %d of %d keys", all.cardinality(), keys);
        stage.require(again.equals(ten), "10 %% again is not the 10 %% of before: %s", again.cardinality());
        stage.say("10 %% within 50 %% within 100 %%, and the second 10 %% are the keys of the first, of %d keys", keys);
    }

    private void within(BitSet less, String percent, BitSet more, String ofMore) {
        var outside = (BitSet) less.clone();
        outside.andNot(more);
        stage.require(outside.isEmpty(), "%d keys of %s are not in %s", outside.cardinality(), percent, ofMore);
    }

    private BitSet pass(String name, int percentage) throws IOException, InterruptedException, SQLException {
        return decided(name, set(percentage));
    }

    private long set(int percentage) throws IOException, InterruptedException {
        stage.step(
                "percentage",
                "alice",
                "{\"percentage\": " + percentage + ", \"reason\": \"nested shares\", \"override\": true}");
        return stage.epoch();
    }

    /** The keys that were decided for Temporal. */
    private BitSet decided(String pass, long epoch) throws IOException, InterruptedException, SQLException {
        long start = System.nanoTime();
        try (var list = new RedisList(stage.cluster().backends().redis())) {
            for (int from = 0; from < keys; from += AT_ONCE) {
                byte[][] messages = new byte[Math.min(AT_ONCE, keys - from)][];
                for (int i = 0; i < messages.length; i++) {
                    messages[i] = message(from + i, pass);
                }
                list.push("cognobserve:traces", messages);
            }
        }
        stage.await(
                "every item of the " + pass + " pass is in the ledger",
                Duration.ofSeconds(60 + keys / LEAST_PER_SECOND),
                () -> {
                    Thread.sleep(500);
                    return stored(epoch) == keys;
                });
        Map<String, Integer> reasons = new TreeMap<>();
        var temporal = new BitSet(keys);
        try (Connection connection = stage.cluster().backends().database();
                PreparedStatement statement = connection.prepareStatement(
                        "select subject, decided_route, reason from ledger where project_id = ? and epoch = ?")) {
            statement.setString(1, PROJECT);
            statement.setLong(2, epoch);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    boolean forTemporal = row.getString(2).equals("TEMPORAL");
                    temporal.set(Integer.parseInt(row.getString(1).substring(24), 16), forTemporal);
                    reasons.merge(row.getString(2) + " " + row.getString(3), 1, Integer::sum);
                }
            }
        }
        stage.say(
                "%s pass, epoch %d: of %d keys %d for Temporal (%.2f %%) in %.1f s; decided route and reason %s",
                pass,
                epoch,
                keys,
                temporal.cardinality(),
                100.0 * temporal.cardinality() / keys,
                (System.nanoTime() - start) / 1e9,
                reasons);
        return temporal;
    }

    private int stored(long epoch) throws SQLException {
        try (Connection connection = stage.cluster().backends().database();
                PreparedStatement statement = connection.prepareStatement(
                        "select count(*) from ledger where project_id = ? and epoch = ? and state in ('DONE', 'PENDING')")) {
            statement.setString(1, PROJECT);
            statement.setLong(2, epoch);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private byte[] message(int key, String pass) {
        return "{\"ID\":\"%024x%08x\",\"ProjectID\":\"%s\",\"SessionID\":null,\"UserID\":null,\"User\":null,\"Name\":\"%s pass\",\"Timestamp\":\"%s\",\"Metadata\":null,\"Spans\":[]}"
                .formatted(stage.seed(), key, PROJECT, pass, Instant.now())
                .getBytes(UTF_8);
    }
}
