package dev.shunt.legacy;

import dev.shunt.core.Acceptance;
import dev.shunt.core.Delivery;
import dev.shunt.core.Delivery.Effort;
import dev.shunt.core.InFlight;
import dev.shunt.core.ItemKey;
import dev.shunt.core.ItemMark;
import dev.shunt.core.MessageCodec;
import dev.shunt.core.Reason;
import dev.shunt.core.RegisteredStarter;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.Seldom;
import dev.shunt.core.SettledItems;
import dev.shunt.core.Stamp;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.legacy.Script.Reply;
import dev.shunt.legacy.Taken.AlreadySettled;
import dev.shunt.legacy.Taken.Dead;
import dev.shunt.legacy.Taken.ForLegacy;
import dev.shunt.legacy.Taken.ForTemporal;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides about messages that no door has seen, and moves those for Temporal out of the list. What was decided before,
 * by a stamp, the book or the ledger, is kept.
 */
final class Tap {

    private static final Logger log = LoggerFactory.getLogger(Tap.class);

    private final Workload workload;
    private final MessageCodec codec;
    private final Acceptance acceptance;
    private final InFlight inFlight;
    private final SettledItems settledItems;
    private final Optional<RegisteredStarter> starter;
    private final Optional<OldWorker> oldWorker;
    private final LegacyMetrics metrics;
    private final Clock clock;
    private final Seldom unstarted = new Seldom();

    Tap(
            Workload workload,
            MessageCodec codec,
            Acceptance acceptance,
            InFlight inFlight,
            SettledItems settledItems,
            Optional<RegisteredStarter> starter,
            Optional<OldWorker> oldWorker,
            LegacyMetrics metrics,
            Clock clock) {
        this.workload = workload;
        this.codec = codec;
        this.acceptance = acceptance;
        this.inFlight = inFlight;
        this.settledItems = settledItems;
        this.starter = starter;
        this.oldWorker = oldWorker;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Decides; changes nothing, so it may be repeated. */
    List<Taken> decide(List<byte[]> raws) {
        return raws.stream().map(this::decide).toList();
    }

    private Taken decide(byte[] raw) {
        Stamp.Stamped split = Stamp.split(raw);
        if (split.stamp().isPresent()) {
            return route(raw, split.message(), split.stamp().get(), true, null);
        }
        return switch (rule(raw)) {
            case Acceptance.Ruling.Routed routed ->
                route(raw, raw, routed.item().stamp(routed.decision()), false, routed.decoded());
            case Acceptance.Ruling.Undecodable undecodable -> new Dead(raw, raw, null, null, undecodable.reason(), 1);
        };
    }

    private Acceptance.Ruling rule(byte[] raw) {
        try {
            return acceptance.rule(workload, raw);
        } catch (RuntimeException | StackOverflowError broken) {
            log.error(
                    "A {} message of {} bytes cannot even be read; it becomes a dead letter",
                    workload,
                    raw.length,
                    broken);
            return new Acceptance.Ruling.Undecodable("could not be read: " + broken);
        }
    }

    private Taken route(byte[] raw, byte[] message, Stamp stamp, boolean stamped, @Nullable Object decoded) {
        if (stamp.decision().executed() == Route.LEGACY) {
            return new ForLegacy(raw, taken(stamp, message).with(decoded), stamped);
        }
        return starter.isPresent()
                ? new ForTemporal(raw, message, stamp, stamped)
                : toLegacy(raw, message, stamp.withDecision(stamp.decision().divertedToLegacy(Reason.FALLBACK)));
    }

    private ForLegacy toLegacy(byte[] raw, byte[] message, Stamp stamp) {
        return new ForLegacy(raw, taken(stamp, message), false);
    }

    private Delivery taken(Stamp stamp, byte[] message) {
        return Delivery.onLegacy(workload, stamp, message).taking(new Effort(clock.instant(), 1, 0));
    }

    /**
     * Corrects decisions about messages that were in hand before: the book's entry stands, with its acceptance time,
     * and what is done needs no decision. What died and is in no book has been sent again: it is accepted anew.
     */
    List<Taken> recall(ProcessingList list, List<Taken> taken) {
        List<ItemKey> undecided = taken.stream().flatMap(Tap::unstampedKey).toList();
        if (undecided.isEmpty()) {
            return taken;
        }
        Map<ItemKey, BookEntry> booked = list.booked(undecided);
        Set<ItemKey> unknown = new HashSet<>(undecided);
        unknown.removeAll(booked.keySet());
        Set<ItemKey> settled = unknown.isEmpty() ? Set.of() : settledItems.stored(workload, unknown);
        return taken.stream()
                .map(one -> unstampedKey(one)
                        .findFirst()
                        .<Taken>map(key -> recall(one, key, booked, settled))
                        .orElse(one))
                .toList();
    }

    private Taken recall(Taken one, ItemKey key, Map<ItemKey, BookEntry> booked, Set<ItemKey> settled) {
        if (settled.contains(key)) {
            return new AlreadySettled(one.raw(), key);
        }
        BookEntry entry = booked.get(key);
        if (entry == null || !(codec.read(one.raw(), entry.acceptedAt()) instanceof MessageCodec.Reading.Read again)) {
            return one;
        }
        return route(one.raw(), one.raw(), again.item().stamp(entry.decision()), false, again.decoded());
    }

    private static Stream<ItemKey> unstampedKey(Taken taken) {
        return switch (taken) {
            case ForLegacy here ->
                here.stamped() ? Stream.of() : Stream.of(here.delivery().key());
            case ForTemporal there ->
                there.stamped() ? Stream.of() : Stream.of(there.stamp().key());
            case AlreadySettled done -> Stream.of();
            case Dead dead -> Stream.of();
        };
    }

    /** Carries the decisions out in the list, the book and the registry; returns what is left in the list. */
    List<Taken> claim(ProcessingList list, List<Taken> decided) {
        List<Taken> staying = register(list, decided);
        return oldWorker.map(worker -> forward(list, worker, staying)).orElseGet(() -> book(list, staying));
    }

    private List<Taken> forward(ProcessingList list, OldWorker worker, List<Taken> taken) {
        List<ForLegacy> leaving = ofType(ForLegacy.class, taken);
        if (leaving.isEmpty()) {
            return taken;
        }
        Reply answers = list.forward(worker, leaving);
        for (int i = 0; i < leaving.size(); i++) {
            switch (answers.text(i)) {
                case "FORWARDED" -> {
                    metrics.forwarded();
                    metrics.accepted(leaving.get(i).delivery().stamp().decision());
                }
                case "DUPLICATE" -> metrics.duplicate();
                default ->
                    log.debug(
                            "{} was taken over by another consumer",
                            leaving.get(i).delivery().key());
            }
        }
        return taken.stream().filter(one -> !(one instanceof ForLegacy)).toList();
    }

    private List<Taken> register(ProcessingList list, List<Taken> decided) {
        List<ForTemporal> leaving = ofType(ForTemporal.class, decided);
        if (leaving.isEmpty()) {
            return decided;
        }
        Reply answers = list.register(leaving);
        List<Taken> left = new ArrayList<>();
        int next = 0;
        for (Taken one : decided) {
            if (one instanceof ForTemporal there) {
                answered(there, answers.part(next++)).ifPresent(left::add);
            } else {
                left.add(one);
            }
        }
        return left;
    }

    private Optional<Taken> answered(ForTemporal one, Reply answer) {
        switch (answer.text(0)) {
            case "REGISTERED" -> {
                metrics.accepted(one.stamp().decision());
                start(one);
            }
            case "DUPLICATE" -> metrics.duplicate();
            case "FENCED" -> {
                RouteDecision fenced = one.stamp().decision().divertedToLegacy(Reason.FENCED);
                return Optional.of(
                        toLegacy(one.raw(), one.message(), one.stamp().withDecision(fenced)));
            }
            case "KNOWN" -> {
                RouteDecision before = BookEntry.read(answer.bytes(1))
                        .map(BookEntry::decision)
                        .orElse(one.stamp().decision());
                RouteDecision kept =
                        before.executed() == Route.LEGACY ? before : before.divertedToLegacy(Reason.FALLBACK);
                return Optional.of(
                        toLegacy(one.raw(), one.message(), one.stamp().withDecision(kept)));
            }
            default ->
                log.debug("{} was taken over by another consumer", one.stamp().key());
        }
        return Optional.empty();
    }

    private void start(ForTemporal one) {
        ItemKey key = one.stamp().key();
        try (ItemMark mark = ItemMark.of(workload, one.stamp())) {
            if (!starter.orElseThrow().offer(workload, one.stamp(), one.message())) {
                if (inFlight.handToLegacy(workload, key, Reason.CAPPED)) {
                    metrics.queueFull();
                }
            }
        } catch (UnavailableException away) {
            unstarted.log(more -> log.warn(
                    "{} and {} more are registered but could not be handed on: {}. The sweeper starts them later",
                    key,
                    more,
                    away.getMessage()));
        }
    }

    private List<Taken> book(ProcessingList list, List<Taken> taken) {
        List<ForLegacy> fresh = ofType(ForLegacy.class, taken).stream()
                .filter(one -> !one.stamped())
                .toList();
        if (fresh.isEmpty()) {
            return taken;
        }
        Reply answers = list.book(fresh);
        List<Taken> left = new ArrayList<>();
        int next = 0;
        for (Taken one : taken) {
            if (!(one instanceof ForLegacy here) || here.stamped()) {
                left.add(one);
            } else if (answers.text(next++).equals("BOOKED")) {
                metrics.accepted(here.delivery().stamp().decision());
                left.add(one);
            }
        }
        return left;
    }

    private static <T extends Taken> List<T> ofType(Class<T> type, List<Taken> taken) {
        return taken.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
