package dev.shunt.workloads.trace;

import dev.shunt.core.Bucket;
import dev.shunt.core.Delivery;
import dev.shunt.core.Epoch;
import dev.shunt.core.FullAudit;
import dev.shunt.core.Item;
import dev.shunt.core.ItemHandler.Outcome;
import dev.shunt.core.MessageCodec;
import dev.shunt.core.MessageCodec.Reading;
import dev.shunt.core.Percentage;
import dev.shunt.core.ResultAudit;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.Workload;
import dev.shunt.store.GroupWriter;
import dev.shunt.store.LedgerReach;
import dev.shunt.store.TestLanes;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Real traces, read by the real codec and stored through a real lane. */
public final class TestTraces implements AutoCloseable {

    public static final Workload TRACE = TraceWorkload.TRACE;

    /** Tests have days of their own, and none is beyond it. */
    private static final LedgerReach REACH = LedgerReach.of(Duration.ofDays(3_650), Clock.systemUTC());

    private final DataSource database;
    private final GroupWriter<TraceMessage> lane;
    private final GroupWriter<TraceMessage> temporalLane;

    public TestTraces(DataSource database) {
        this.database = database;
        this.lane = TestLanes.open("legacy", database, new TraceStatement(false));
        this.temporalLane = TestLanes.open("temporal", database, new TraceStatement(false));
        new PriceList(database).load();
    }

    public ResultAudit audit() {
        return audit(REACH);
    }

    ResultAudit audit(LedgerReach reach) {
        return new TraceAudit(database, OutsideAudit.NONE, reach);
    }

    FullAudit fullAudit(LedgerReach reach) {
        return new TraceFullAudit(database, OutsideAudit.NONE, reach);
    }

    public FullAudit fullAudit() {
        return fullAudit(database);
    }

    public static FullAudit fullAudit(DataSource database) {
        return new TraceFullAudit(database, OutsideAudit.NONE, REACH);
    }

    public static MessageCodec codec() {
        return new TraceMessageCodec(RoutingKeyChoice.of("trace"));
    }

    /** A queue message in the Go format with two priced spans and one without a model. */
    public static Item item(String trace, Instant acceptedAt) {
        return item(
                trace,
                acceptedAt,
                span("s1", "gpt-4o", 1_001, 17),
                span("s2", "claude-3-5-sonnet-20241022", 3, 1),
                span("s3", null, 0, 0));
    }

    public static Item item(String trace, Instant acceptedAt, String... spans) {
        String message = """
                {"ID":"%s","ProjectID":"p","SessionID":"session","UserID":null,"User":null,"Name":"chat",\
                "Timestamp":"2026-11-21T12:00:00.123456Z","Metadata":{"n":0.10},"Spans":[%s]}""".formatted(trace, String.join(",", spans));
        Reading reading = codec().read(message.getBytes(StandardCharsets.UTF_8), acceptedAt);
        if (reading instanceof Reading.Read read) {
            return read.item();
        }
        throw new IllegalStateException("not a trace: " + reading);
    }

    public static String span(String id, @Nullable String model, int prompt, int completion) {
        return """
                {"ID":"%s","TraceID":"t","ParentSpanID":null,"Name":"llm","StartTime":"2026-11-21T12:00:00Z",\
                "EndTime":"2026-11-21T12:00:01.5Z","Input":{"q":12345678901234567890},"Output":null,"Metadata":null,\
                "Model":%s,"ModelParameters":null,"Usage":{"PromptTokens":%d,"CompletionTokens":%d,"TotalTokens":null},\
                "Level":2,"StatusMessage":null}""".formatted(id, model == null ? "null" : '"' + model + '"', prompt, completion);
    }

    public static RouteDecision onLegacy(Item item) {
        return RouteDecision.byFlag(Bucket.of(TRACE, item.routingKey()), Percentage.ZERO, new Epoch(1));
    }

    /** Stores an item as the legacy route does, ledger row included. */
    public Item store(Item item) {
        Delivery delivery = Delivery.onLegacy(TRACE, item.stamp(onLegacy(item)), item.message());
        List<Outcome> outcomes = new TraceHandler(lane).handle(List.of(delivery));
        if (!outcomes.equals(List.of(new Outcome.Stored(false)))) {
            throw new IllegalStateException("not stored: " + outcomes);
        }
        return item;
    }

    /** Stores items through a route's own lane, each group in one transaction, ledger rows included. */
    public void storeAll(Route route, List<Item> group) {
        List<Delivery> deliveries =
                group.stream().map(item -> delivery(route, item)).toList();
        GroupWriter<TraceMessage> own = route == Route.TEMPORAL ? temporalLane : lane;
        List<Outcome> outcomes = new TraceHandler(own).handle(deliveries);
        if (!outcomes.stream().allMatch(Outcome.Stored.class::isInstance)) {
            throw new IllegalStateException("not stored: " + outcomes);
        }
    }

    /** As that route delivers it to its lane. */
    public static Delivery delivery(Route route, Item item) {
        if (route == Route.LEGACY) {
            return Delivery.onLegacy(TRACE, item.stamp(onLegacy(item)), item.message());
        }
        var decision = RouteDecision.byFlag(Bucket.of(TRACE, item.routingKey()), new Percentage(10_000), new Epoch(2));
        var execution = new Delivery.Execution("trace:" + item.key(), "run");
        return Delivery.onTemporal(TRACE, item.stamp(decision), item.message(), execution);
    }

    @Override
    public void close() {
        lane.close();
        temporalLane.close();
    }
}
