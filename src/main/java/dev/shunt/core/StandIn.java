package dev.shunt.core;

import dev.shunt.core.InFlight.Open;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/**
 * Keeps accepted items while Redis is away, until they can enter the legacy list. Each method throws
 * {@link UnavailableException} when Postgres cannot be reached.
 */
public interface StandIn {

    /**
     * Makes the item durable.
     *
     * @param decision one that is carried out on the legacy route
     * @return false if the same item stands here already
     * @throws UnavailableException also when no more items are taken
     */
    boolean keep(Item item, RouteDecision decision);

    /**
     * Gives items back, oldest first, and forgets each one that was taken. Several instances never give the same items at
     * the same time; one whose forgetting fails is given again.
     *
     * @param limit at most this many, and fewer if they are large or the taker is slow: it never has many large messages in
     *     hand, and none for long
     * @param taker makes the item durable elsewhere; what it throws ends this call, after forgetting those taken before
     * @return how many were taken
     */
    int giveBack(Workload workload, int limit, Consumer<Standing> taker);

    /** Items that stand here, accepted before the given time; at most a thousand, oldest first. */
    List<Open> open(Workload workload, Instant acceptedBefore);

    /** How many items stand here. */
    long size(Workload workload);

    /** One item that stands here. */
    record Standing(Item item, RouteDecision decision) {}
}
