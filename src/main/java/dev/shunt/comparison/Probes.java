package dev.shunt.comparison;

import dev.shunt.core.Bucket;
import dev.shunt.core.Canonical;
import dev.shunt.core.DoorCodec;
import dev.shunt.core.Epoch;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Percentage;
import dev.shunt.core.ProbeItems;
import dev.shunt.core.Reason;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.ShadowRoute;
import dev.shunt.core.ShadowRoute.Ended;
import dev.shunt.core.ShadowWorkload;
import dev.shunt.core.Stamp;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadDefinition;
import dev.shunt.store.ShadowSchema;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one made-up item over each route, whatever the percentage, and compares what they stored. It runs as shadow runs
 * do, in their private tables and on their own slots: it never is in book, registry, list, ledger, summary or cohort, so
 * there is nothing that a count or a gate could see, and what it stored is removed.
 */
public final class Probes {

    private static final Logger log = LoggerFactory.getLogger(Probes.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String PROJECT = "probe";

    private final List<ProbeItems> items;
    private final List<WorkloadDefinition> definitions;
    private final List<ShadowWorkload> workloads;
    private final List<ShadowRoute> routes;
    private final ShadowSchema schema;
    private final Clock clock;

    Probes(
            List<ProbeItems> items,
            List<WorkloadDefinition> definitions,
            List<ShadowWorkload> workloads,
            List<ShadowRoute> routes,
            ShadowSchema schema,
            Clock clock) {
        this.items = List.copyOf(items);
        this.definitions = List.copyOf(definitions);
        this.workloads = List.copyOf(workloads);
        this.routes = List.copyOf(routes);
        this.schema = schema;
        this.clock = clock;
    }

    /** What one route made of the item. */
    private record Trial(
            Probe.Side side, ItemKey key, @Nullable Canonical result, boolean over) {}

    /**
     * Takes 20 s at most.
     *
     * @return empty if this workload cannot be probed
     * @throws UnavailableException if Postgres is away
     */
    public Optional<Probe> run(Workload workload) {
        Optional<ProbeItems> made =
                items.stream().filter(each -> each.workload().equals(workload)).findFirst();
        Optional<ShadowWorkload> apart = workloads.stream()
                .filter(each -> each.workload().equals(workload))
                .findFirst();
        Optional<WorkloadDefinition> definition = definitions.stream()
                .filter(each -> each.workload().equals(workload))
                .findFirst();
        return made.isPresent() && apart.isPresent() && definition.isPresent()
                ? Optional.of(run(made.get(), apart.get(), definition.get()))
                : Optional.empty();
    }

    private Probe run(ProbeItems made, ShadowWorkload apart, WorkloadDefinition definition) {
        Instant now = clock.instant();
        String id = id();
        schema.migrate();
        apart.prepare();
        Item item = item(definition, made.body(id), now);
        var trials = new ArrayList<Trial>();
        try {
            for (Route route : Route.values()) {
                trials.add(on(route, apart, item));
            }
            return judged(id, definition.workload(), now, trials);
        } finally {
            remove(apart, trials);
        }
    }

    /** A run that is late may still write: the removal of leftovers takes what it wrote then. */
    private static void remove(ShadowWorkload apart, List<Trial> trials) {
        List<ItemKey> over = trials.stream().filter(Trial::over).map(Trial::key).toList();
        try {
            if (!over.isEmpty()) {
                apart.remove(over);
            }
        } catch (UnavailableException away) {
            log.info("What a probe stored is removed with the leftovers of shadow runs: {}", away.toString());
        }
    }

    private Trial on(Route route, ShadowWorkload apart, Item item) {
        String run = id();
        var decision = new RouteDecision(
                route, route, Reason.PROBE, Bucket.of(item.workload(), item.routingKey()), Percentage.ZERO, Epoch.NONE);
        Stamp stamp = item.stamp(decision);
        ItemKey key = ShadowWorkload.runKey(run, stamp.key());
        var own = new Stamp(key, decision, stamp.wayIn(), stamp.acceptedAt(), stamp.evidence());
        Optional<ShadowRoute> carrier =
                routes.stream().filter(each -> each.route() == route).findFirst();
        Optional<String> unready =
                carrier.isEmpty() ? Optional.of("there is none") : carrier.get().unready();
        if (unready.isPresent()) {
            return new Trial(new Probe.Side(route, false, unready.get(), Map.of()), key, null, false);
        }
        long begun = System.nanoTime();
        Ended end = carrier.get()
                .run(apart, List.of(new ShadowRoute.Run(run, own, item.message())), PATIENCE)
                .getFirst();
        double processed = millisSince(begun);
        return switch (end) {
            case Ended.Done done -> {
                long reading = System.nanoTime();
                Canonical result = apart.results().read(List.of(key)).getFirst();
                var stages = Map.of("processed", processed, "read", millisSince(reading));
                yield new Trial(new Probe.Side(route, true, "stored", stages), key, result, true);
            }
            case Ended.Rejected rejected -> failed(route, key, "refused: " + rejected.reason(), processed, true);
            case Ended.Late late -> failed(route, key, "not within " + PATIENCE.toSeconds() + " s", processed, false);
            case Ended.Failed fault -> failed(route, key, fault.why(), processed, true);
        };
    }

    private static Trial failed(Route route, ItemKey key, String words, double processed, boolean over) {
        return new Trial(new Probe.Side(route, false, words, Map.of("processed", processed)), key, null, over);
    }

    private static Probe judged(String id, Workload workload, Instant at, List<Trial> trials) {
        List<Probe.Side> sides = trials.stream().map(Trial::side).toList();
        Canonical legacy = trials.getFirst().result();
        Canonical temporal = trials.getLast().result();
        if (legacy == null || temporal == null) {
            String words = String.join(
                    "; ",
                    sides.stream()
                            .filter(side -> !side.stored())
                            .map(side -> side.route() + ": " + side.words())
                            .toList());
            return new Probe(id, workload, at, Probe.Result.NOT_COMPARED, words, sides, List.of());
        }
        var differences = CanonicalDiff.of(legacy, temporal);
        return differences.isEmpty()
                ? new Probe(id, workload, at, Probe.Result.SAME, "both routes stored the same", sides, differences)
                : new Probe(
                        id,
                        workload,
                        at,
                        Probe.Result.DIFFERENT,
                        "the routes differ at " + differences.getFirst().path()
                                + (differences.size() > 1 ? " and " + (differences.size() - 1) + " more places" : ""),
                        sides,
                        differences);
    }

    private static Item item(WorkloadDefinition definition, byte[] body, Instant now) {
        return switch (definition.door().read(PROJECT, Map.of(), body, now)) {
            case DoorCodec.Reading.Read read -> read.item();
            case DoorCodec.Reading.Refused refused ->
                throw new IllegalStateException(
                        "the probe of " + definition.workload() + " is not what its door takes: " + refused.message());
        };
    }

    private static double millisSince(long nanos) {
        return Math.round((System.nanoTime() - nanos) / 1_000.0) / 1_000.0;
    }

    private static String id() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }
}
