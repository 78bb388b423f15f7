package dev.shunt.legacy;

import dev.shunt.core.Acceptance;
import dev.shunt.core.Delivery;
import dev.shunt.core.Delivery.Effort;
import dev.shunt.core.InFlight;
import dev.shunt.core.ItemHandler.Outcome;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Reason;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.Stamp;
import dev.shunt.legacy.Taken.Dead;
import io.lettuce.core.KeyValue;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages as the old worker did: BRPOP, one by one, everything on legacy. A message is in no list while it is
 * handled, so a process that dies loses the one in its hands: this measures the baseline and is for nothing else.
 */
final class BaselineFetching implements Fetching {

    private final LegacyKeys keys;
    private final Duration block;
    private final Acceptance acceptance;
    private final InFlight inFlight;
    private final GroupHandler handler;
    private final Undertaker undertaker;
    private final Patience patience;
    private final LegacyMetrics metrics;
    private final Pulse pulse;
    private final StopSignal stop;
    private final Clock clock;
    private final InHand hand = new InHand.Solitude().together();

    BaselineFetching(
            LegacyKeys keys,
            Duration block,
            Acceptance acceptance,
            InFlight inFlight,
            GroupHandler handler,
            Undertaker undertaker,
            Patience patience,
            LegacyMetrics metrics,
            Pulse pulse,
            StopSignal stop,
            Clock clock) {
        this.keys = keys;
        this.block = block;
        this.acceptance = acceptance;
        this.inFlight = inFlight;
        this.handler = handler;
        this.undertaker = undertaker;
        this.patience = patience;
        this.metrics = metrics;
        this.pulse = pulse;
        this.stop = stop;
        this.clock = clock;
    }

    @Override
    public Optional<String> listInUse() {
        return Optional.empty();
    }

    @Override
    public void serve(RedisCommands<String, byte[]> redis) {
        while (!stop.asked()) {
            pulse.beat();
            @Nullable KeyValue<String, byte[]> taken = redis.brpop(block.toMillis() / 1000.0, keys.queue());
            if (taken != null) {
                metrics.fetched(1);
                work(redis, taken.getValue());
            }
        }
    }

    private void work(RedisCommands<String, byte[]> redis, byte[] raw) {
        Stamp.Stamped split = Stamp.split(raw);
        if (split.stamp().isPresent()) {
            handle(redis, raw, split.message(), split.stamp().get());
            return;
        }
        switch (acceptance.rule(keys.workload(), raw)) {
            case Acceptance.Ruling.Routed routed -> handle(redis, raw, raw, held(routed));
            case Acceptance.Ruling.Undecodable undecodable ->
                bury(redis, new Dead(raw, raw, null, null, undecodable.reason(), 1));
        }
    }

    private static Stamp held(Acceptance.Ruling.Routed routed) {
        RouteDecision decision = routed.decision();
        boolean here = decision.executed() == Route.LEGACY;
        return routed.item().stamp(here ? decision : decision.divertedToLegacy(Reason.HELD));
    }

    private void handle(RedisCommands<String, byte[]> redis, byte[] raw, byte[] message, Stamp stamp) {
        var delivery = Delivery.onLegacy(keys.workload(), stamp, message).taking(new Effort(clock.instant(), 1, 0));
        Outcome outcome = handler.handle(List.of(delivery), hand).getFirst();
        if (outcome instanceof Outcome.Rejected rejected) {
            bury(redis, new Dead(raw, message, stamp.key(), stamp, rejected.reason(), 1));
        } else {
            settle(stamp.key());
            metrics.acknowledged(1);
        }
    }

    private void bury(RedisCommands<String, byte[]> redis, Dead dead) {
        undertaker.record(dead);
        redis.lpush(keys.deadLetters(), dead.message());
        ItemKey key = dead.key();
        if (key != null) {
            settle(key);
        }
    }

    private void settle(ItemKey key) {
        patience.until("settling " + key, () -> {
            inFlight.settle(keys.workload(), List.of(key));
            return true;
        });
    }
}
