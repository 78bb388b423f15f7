package dev.shunt.rollout;

import java.time.Duration;

/** Looks at open rollbacks four times a second, more seldom the longer they take, and for new ones four times a second. */
final class ProofThread extends Loop {

    private static final Duration SHORT = Duration.ofMillis(250);
    private static final Duration LONG = Duration.ofSeconds(1);
    private static final long SHORT_FOR_NANOS = Duration.ofSeconds(60).toNanos();

    private final ProofFollower follower;
    private final Runnable also;
    private long openSince = System.nanoTime(); // of the thread

    /** @param also done with each look; cheap once it has succeeded */
    ProofThread(ProofFollower follower, Runnable also) {
        super("shunt-proof", "Looks at open rollbacks", SHORT);
        this.follower = follower;
        this.also = also;
    }

    @Override
    Duration look() {
        boolean open = follower.look();
        also.run();
        if (!open) {
            openSince = System.nanoTime();
        }
        return System.nanoTime() - openSince < SHORT_FOR_NANOS ? SHORT : LONG;
    }
}
