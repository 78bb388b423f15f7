package dev.shunt.core;

/**
 * Which route an item takes, and everything needed to explain and recheck that later.
 *
 * @param decided what the router chose
 * @param executed where it runs; differs from {@code decided} only for a {@code reason} other than FLAG
 * @param reason why it runs there
 * @param bucket the place of its routing key
 * @param percentage the share that was in force
 * @param epoch the flag's version that carried this percentage
 */
public record RouteDecision(
        Route decided, Route executed, Reason reason, Bucket bucket, Percentage percentage, Epoch epoch) {

    public RouteDecision {
        if (decided != executed && reason == Reason.FLAG) {
            throw new IllegalArgumentException(
                    "decided " + decided + " but executed " + executed + " without a reason");
        }
    }

    /** What the flag alone says. */
    public static RouteDecision byFlag(Bucket bucket, Percentage percentage, Epoch epoch) {
        Route route = percentage.includes(bucket) ? Route.TEMPORAL : Route.LEGACY;
        return new RouteDecision(route, route, Reason.FLAG, bucket, percentage, epoch);
    }

    /**
     * What a pin says.
     *
     * @param decided what the flag alone says, so that the split can be checked over every item
     */
    public static RouteDecision pinned(Route decided, Route route, Bucket bucket, Percentage percentage, Epoch epoch) {
        return new RouteDecision(decided, route, Reason.PINNED, bucket, percentage, epoch);
    }

    /**
     * The same decision, carried out on the legacy route for a recorded reason; an item of which a person decided stays known
     * as such.
     */
    public RouteDecision divertedToLegacy(Reason why) {
        Reason recorded = reason.isByPeople() ? reason : why;
        return new RouteDecision(decided, Route.LEGACY, recorded, bucket, percentage, epoch);
    }

    /** The same decision, carried out on Temporal after all: it was diverted to a legacy route that is no more. */
    public RouteDecision broughtToTemporal() {
        return new RouteDecision(decided, Route.TEMPORAL, reason, bucket, percentage, epoch);
    }

    /** The same decision for a dead letter that is sent again; a pinned item stays known as pinned, and is in no cohort. */
    public RouteDecision asReplay() {
        return reason == Reason.PINNED
                ? this
                : new RouteDecision(decided, executed, Reason.REPLAY, bucket, percentage, epoch);
    }

    /** For people: {@code bucket 812 < 1000, epoch 7}. */
    public String explanation() {
        String sign = percentage.includes(bucket) ? " < " : " >= ";
        String flag = "bucket " + bucket + sign + percentage.basisPoints() + ", epoch " + epoch;
        return reason == Reason.FLAG ? flag : flag + "; runs on " + executed + ": " + reason;
    }
}
