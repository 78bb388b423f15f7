package dev.shunt.legacy;

import dev.shunt.core.Acceptance;
import dev.shunt.core.DeadLetters;
import dev.shunt.core.InFlight;
import dev.shunt.core.Instance;
import dev.shunt.core.RegisteredStarter;
import dev.shunt.core.SettledItems;
import dev.shunt.core.Trail;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.core.WorkloadDefinition;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Puts the consumers of one workload together.
 *
 * @param starter the way to Temporal, if this process has one
 * @param oldWorker takes what is decided for legacy, if that is a worker outside
 * @param trail is told what is consumed
 */
record ConsumerFactory(
        LegacySettings settings,
        RedisConnections connections,
        WorkloadCatalog catalog,
        Instance instance,
        InFlight inFlight,
        Acceptance acceptance,
        SettledItems settledItems,
        DeadLetters deadLetters,
        Optional<RegisteredStarter> starter,
        Optional<OldWorker> oldWorker,
        ConsumerSwitch paused,
        Waits waits,
        MeterRegistry meters,
        Clock clock,
        Trail trail) {

    ConsumerGroup group(WorkloadDefinition definition) {
        LegacyKeys keys = LegacyKeys.of(catalog, definition.workload());
        var stop = new StopSignal();
        var metrics = new LegacyMetrics(meters, definition.workload());
        var solitude = new InHand.Solitude();
        List<Slot> slots = IntStream.range(0, settings.consumers())
                .mapToObj(slot -> slot(slot, definition, keys, stop, metrics, solitude))
                .toList();
        var reaper = new Reaper(keys, instance, metrics);
        var keeper = new Keeper(keys, instance, settings, connections, reaper, metrics, System::nanoTime, slots);
        return new ConsumerGroup(keys, settings, slots, keeper, stop);
    }

    private Slot slot(
            int slot,
            WorkloadDefinition definition,
            LegacyKeys keys,
            StopSignal stop,
            LegacyMetrics metrics,
            InHand.Solitude solitude) {
        var pulse = new Pulse(System::nanoTime);
        var patience = new Patience(pulse, stop, settings, waits.place(keys.workload()));
        var tracked = new TrackedHandler(definition.handler(), trail, clock);
        var handler = new GroupHandler(tracked, patience, settings.firstRetry());
        var undertaker = new Undertaker(keys.workload(), deadLetters, patience, metrics, clock);
        Fetching fetching = switch (settings.pop()) {
            case BLMOVE -> {
                var tap = new Tap(
                        keys.workload(),
                        definition.messages(),
                        acceptance,
                        inFlight,
                        settledItems,
                        starter,
                        oldWorker.filter(worker -> worker.workload().equals(keys.workload())),
                        metrics,
                        clock);
                var work = new BatchWork(tap, handler, undertaker, patience, solitude, metrics);
                yield new BatchFetching(keys, instance, slot, settings, work, paused, pulse, stop);
            }
            case BRPOP ->
                new BaselineFetching(
                        keys,
                        settings.block(),
                        acceptance,
                        inFlight,
                        handler,
                        undertaker,
                        patience,
                        metrics,
                        pulse,
                        stop,
                        clock);
        };
        return new Slot(
                "Consumer " + slot + " of " + keys.queue(),
                () -> connections.own(settings.commandTimeout()),
                fetching,
                pulse,
                stop,
                new Backoff(settings.firstRetry(), settings.longestRetry()));
    }
}
