package dev.shunt.legacy;

import dev.shunt.core.Delivery;
import dev.shunt.core.ItemHandler.Outcome;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Stamp;
import dev.shunt.legacy.ProcessingList.Deaths;
import dev.shunt.legacy.Taken.AlreadySettled;
import dev.shunt.legacy.Taken.Dead;
import dev.shunt.legacy.Taken.ForLegacy;
import dev.shunt.legacy.Taken.ForTemporal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What happens to the messages in hand: decide, claim, handle, bury, acknowledge. */
final class BatchWork {

    static final int DEATHS = 3;

    private final Tap tap;
    private final GroupHandler handler;
    private final Undertaker undertaker;
    private final Patience patience;
    private final InHand.Solitude solitude;
    private final LegacyMetrics metrics;

    BatchWork(
            Tap tap,
            GroupHandler handler,
            Undertaker undertaker,
            Patience patience,
            InHand.Solitude solitude,
            LegacyMetrics metrics) {
        this.tap = tap;
        this.handler = handler;
        this.undertaker = undertaker;
        this.patience = patience;
        this.solitude = solitude;
        this.metrics = metrics;
    }

    /**
     * Works off a fresh batch.
     *
     * @return whether the list held exactly these messages and is empty now
     */
    boolean fresh(ProcessingList list, List<byte[]> raws) {
        metrics.fetched(raws.size());
        InHand hand = solitude.together();
        return finish(list, hand, hand.during(() -> tap.decide(raws)), 0);
    }

    /** Works off what this process had in hand when a command went unanswered. */
    boolean again(ProcessingList list, List<byte[]> raws) {
        InHand hand = solitude.together();
        return finish(list, hand, redecide(list, hand, raws), 1);
    }

    /** Works off one message that was in the hands of a process that died. */
    boolean recovered(ProcessingList list, byte[] raw) {
        var suspect = new Suspect(raw);
        Deaths deaths = list.deathsOf(suspect);
        boolean exact = deaths.processes() >= DEATHS
                ? finish(list, solitude.together(), List.of(killer(raw, deaths)), 0)
                : alone(list, raw, suspect, deaths);
        if (exact) {
            list.acquit(suspect);
        }
        return exact;
    }

    private boolean alone(ProcessingList list, byte[] raw, Suspect suspect, Deaths deaths) {
        InHand hand = solitude.alone(list, suspect);
        List<Taken> taken = redecide(list, hand, List.of(raw));
        if (taken.getFirst() instanceof ForLegacy here) {
            suspect.identified(here.delivery().key());
        }
        // the batch in which it was lost, then each death with it alone in hand
        return finish(list, hand, taken, 1 + deaths.processes());
    }

    private static Dead killer(byte[] raw, Deaths deaths) {
        Stamp.Stamped split = Stamp.split(raw);
        return new Dead(
                raw,
                split.message(),
                split.stamp().map(Stamp::key).or(deaths::key).orElse(null),
                split.stamp().orElse(null),
                "KILLS_CONSUMER: " + deaths.processes() + " processes died while they handled it alone",
                deaths.processes());
    }

    private List<Taken> redecide(ProcessingList list, InHand hand, List<byte[]> raws) {
        return patience.until(
                "looking up what was decided", () -> hand.during(() -> tap.recall(list, tap.decide(raws))));
    }

    private boolean finish(ProcessingList list, InHand hand, List<Taken> decided, int earlierTries) {
        List<ForLegacy> here = new ArrayList<>();
        List<Dead> dead = new ArrayList<>();
        List<ItemKey> done = new ArrayList<>();
        for (Taken one : tap.claim(list, decided)) {
            switch (one) {
                case ForLegacy message -> here.add(message.triedAgain(earlierTries));
                case Dead message -> dead.add(message);
                case AlreadySettled message -> done.add(message.key());
                case ForTemporal unclaimed ->
                    throw new IllegalStateException(
                            "not claimed: " + unclaimed.stamp().key());
            }
        }
        for (List<ForLegacy> group : groups(here)) {
            handle(group, hand, done, dead);
        }
        for (Dead one : dead) {
            undertaker.record(one);
            list.bury(one);
        }
        return acknowledge(list, done);
    }

    private void handle(List<ForLegacy> group, InHand hand, List<ItemKey> done, List<Dead> dead) {
        List<Delivery> deliveries = group.stream().map(ForLegacy::delivery).toList();
        List<Outcome> outcomes = handler.handle(deliveries, hand);
        for (int i = 0; i < group.size(); i++) {
            Delivery delivery = deliveries.get(i);
            if (outcomes.get(i) instanceof Outcome.Rejected rejected) {
                dead.add(new Dead(
                        group.get(i).raw(),
                        delivery.message(),
                        delivery.key(),
                        delivery.stamp(),
                        rejected.reason(),
                        1));
            } else {
                done.add(delivery.key());
            }
        }
    }

    private boolean acknowledge(ProcessingList list, List<ItemKey> done) {
        boolean exact = list.acknowledge(done.size(), done);
        if (exact) {
            metrics.acknowledged(done.size());
        } else {
            metrics.mismatch();
        }
        return exact;
    }

    /** Copies of one item go into successive groups: a transaction meets each key once. */
    private static List<List<ForLegacy>> groups(List<ForLegacy> messages) {
        List<List<ForLegacy>> groups = new ArrayList<>();
        List<ForLegacy> rest = messages;
        while (!rest.isEmpty()) {
            Set<ItemKey> keys = new HashSet<>();
            List<ForLegacy> group = new ArrayList<>();
            List<ForLegacy> copies = new ArrayList<>();
            for (ForLegacy message : rest) {
                (keys.add(message.delivery().key()) ? group : copies).add(message);
            }
            groups.add(group);
            rest = copies;
        }
        return groups;
    }
}
