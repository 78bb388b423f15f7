package dev.shunt.workloads.trace;

import dev.shunt.core.Claim;
import dev.shunt.core.ClaimedBodies;
import dev.shunt.core.ItemKey;
import dev.shunt.core.SettledItems;
import dev.shunt.core.Stamp;
import dev.shunt.core.Stamp.Stamped;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import io.temporal.common.converter.RawValue;
import java.time.Duration;
import java.util.Optional;

/** Finds the message behind a workflow's argument: the argument itself, or the body that it refers to. */
final class TraceArguments {

    private final Workload workload;
    private final ClaimedBodies bodies;
    private final SettledItems settledItems;

    TraceArguments(Workload workload, ClaimedBodies bodies, SettledItems settledItems) {
        this.workload = workload;
        this.bodies = bodies;
        this.settledItems = settledItems;
    }

    /** What an argument turned out to be. */
    sealed interface Argument {

        /** The message, with its full stamp if it has one. */
        record Message(Stamped taken) implements Argument {}

        /** The body is gone and the item is done: nothing is left to do. */
        record Done(ItemKey key) implements Argument {}

        /**
         * What is kept is not what was claimed, and never will be.
         *
         * @param stamp without evidence
         * @param found the bytes that are there
         */
        record Corrupted(
                Stamp stamp,
                @SuppressWarnings("ArrayRecordComponent") byte[] found,
                String why) implements Argument {}
    }

    /**
     * @throws UnavailableException if the body cannot be read, or is not there while its item is not settled: it is written
     *     again as long as the item is registered, and recalled items are settled by the legacy route
     */
    Argument open(RawValue argument) {
        Stamped taken = Stamp.split(argument.getPayload().getData().toByteArray());
        Optional<Claim> claim = Claim.read(taken.message());
        return taken.stamp().isEmpty() || claim.isEmpty()
                ? new Argument.Message(taken)
                : open(taken.stamp().get(), claim.get());
    }

    private Argument open(Stamp stamp, Claim claim) {
        Optional<byte[]> body = bodies.find(workload, stamp.key(), claim);
        if (body.isPresent()) {
            Claim found = Claim.of(body.get());
            return claim.fits(body.get())
                    ? new Argument.Message(stamped(stamp, Stamp.split(body.get())))
                    : new Argument.Corrupted(
                            stamp,
                            body.get(),
                            "the kept body is corrupted: expected " + claim.length() + " bytes with sha256 "
                                    + claim.sha256() + ", found " + found.length() + " bytes with " + found.sha256());
        }
        if (!settled(stamp)) {
            throw new UnavailableException(
                    "the body of " + stamp.key() + " (sha256 " + claim.sha256() + ") is not there",
                    Duration.ofSeconds(1),
                    null);
        }
        return new Argument.Done(stamp.key());
    }

    /** The body may be an earlier acceptance's of the same message: of its stamp only the evidence counts. */
    private static Stamped stamped(Stamp stamp, Stamped body) {
        String evidence = body.stamp().map(Stamp::evidence).orElse("");
        return new Stamped(Optional.of(stamp.withEvidence(evidence)), body.message());
    }

    /** @throws UnavailableException if the ledger cannot be read */
    boolean settled(Stamp stamp) {
        return settledItems.isSettled(workload, stamp.key(), stamp.acceptedAt());
    }
}
