package dev.shunt.legacy;

import dev.shunt.core.Delivery;
import dev.shunt.core.ItemHandler;
import dev.shunt.core.ItemHandler.Outcome;
import dev.shunt.core.ItemKey;
import dev.shunt.core.ItemMark;
import dev.shunt.legacy.StopSignal.DrainExpiredException;
import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a group handled. Transient faults are waited out; a group that fails for another reason is halved until the one
 * item that fails it is alone, and that one is given up after three tries.
 */
final class GroupHandler {

    static final int TRIES = 3;

    private static final Logger log = LoggerFactory.getLogger(GroupHandler.class);

    private final ItemHandler handler;
    private final Patience patience;
    private final Duration pause;

    GroupHandler(ItemHandler handler, Patience patience, Duration pause) {
        this.handler = handler;
        this.patience = patience;
        this.pause = pause;
    }

    /** One outcome for each delivery, in order. */
    List<Outcome> handle(List<Delivery> group, InHand hand) {
        return group.isEmpty() ? List.of() : handle(group, hand, 1);
    }

    private List<Outcome> handle(List<Delivery> group, InHand hand, int tries) {
        var attempts = new Attempts(group);
        try {
            return patience.until(
                    "storing " + group.size() + " items",
                    keys(group),
                    () -> hand.during(() -> outcomes(attempts.next())));
        } catch (RedisException | DrainExpiredException notTheItems) {
            throw notTheItems;
        } catch (RuntimeException | StackOverflowError fault) {
            List<Delivery> again = attempts.next();
            return group.size() == 1 ? insist(again, hand, tries, fault) : halve(again, hand, fault);
        }
    }

    /** A group that knows how often it was tried. */
    private static final class Attempts {

        private List<Delivery> group;
        private boolean tried;

        Attempts(List<Delivery> group) {
            this.group = group;
        }

        List<Delivery> next() {
            if (tried) {
                group = group.stream().map(delivery -> delivery.triedAgain(1)).toList();
            }
            tried = true;
            return group;
        }
    }

    private static List<ItemKey> keys(List<Delivery> group) {
        return group.stream().map(Delivery::key).toList();
    }

    private List<Outcome> outcomes(List<Delivery> group) {
        List<Outcome> outcomes = handler.handle(group);
        if (outcomes.size() != group.size()) {
            throw new IllegalStateException(
                    "handler answered " + outcomes.size() + " outcomes for " + group.size() + " items");
        }
        return outcomes;
    }

    private List<Outcome> halve(List<Delivery> group, InHand hand, Throwable fault) {
        log.warn(
                "A group of {} failed with {}; it is halved to find the item that fails it",
                group.size(),
                fault.getClass().getName());
        int half = group.size() / 2;
        List<Outcome> outcomes = new ArrayList<>(handle(group.subList(0, half), hand));
        outcomes.addAll(handle(group.subList(half, group.size()), hand));
        return outcomes;
    }

    private List<Outcome> insist(List<Delivery> one, InHand hand, int tries, Throwable fault) {
        Delivery alone = one.getFirst();
        try (ItemMark mark = ItemMark.of(alone.workload(), alone.stamp())) {
            return insistOn(one, hand, tries, fault);
        }
    }

    private List<Outcome> insistOn(List<Delivery> one, InHand hand, int tries, Throwable fault) {
        if (tries == TRIES) {
            log.error(
                    "{} failed {} times; it becomes a dead letter",
                    one.getFirst().key(),
                    TRIES,
                    fault);
            return List.of(new Outcome.Rejected("failed " + TRIES + " times, last with " + fault));
        }
        patience.rest("trying " + one.getFirst().key() + " again", keys(one), tries, pause.multipliedBy(tries), fault);
        return handle(one, hand, tries + 1);
    }
}
