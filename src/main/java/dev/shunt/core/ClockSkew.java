package dev.shunt.core;

import dev.shunt.core.Preflight.Finding;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/** Holds another machine's clock against this one's. */
public final class ClockSkew {

    /** More than this makes latencies and leases hard to believe. */
    public static final Duration LARGEST = Duration.ofMillis(500);

    private ClockSkew() {}

    /**
     * Asks three times and believes the fastest answer.
     *
     * @param name of the other clock
     * @param theirs asks for it; may throw {@link UnavailableException}
     */
    public static Finding of(String name, Clock ours, Supplier<Instant> theirs) {
        Duration fastest = Duration.ofDays(1);
        Duration skew = Duration.ZERO;
        try {
            for (int i = 0; i < 3; i++) {
                Instant before = ours.instant();
                Instant there = theirs.get();
                Instant after = ours.instant();
                Duration took = Duration.between(before, after);
                if (took.compareTo(fastest) < 0) {
                    fastest = took;
                    skew = Duration.between(before.plus(took.dividedBy(2)), there);
                }
            }
        } catch (UnavailableException away) {
            return new Finding.Unknown(String.valueOf(away.getMessage()));
        }
        Duration surely = skew.abs().minus(fastest.dividedBy(2));
        String seen = name + "'s clock is " + skew.abs().toMillis() + " ms "
                + (skew.isNegative() ? "behind" : "ahead of") + " this instance's, give or take "
                + fastest.dividedBy(2).toMillis() + " ms";
        return surely.compareTo(LARGEST) > 0
                ? new Finding.Refused(seen + "; let both machines follow the same time server, " + LARGEST.toMillis()
                        + " ms apart at most")
                : new Finding.Pass(seen);
    }
}
