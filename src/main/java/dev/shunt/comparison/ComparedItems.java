package dev.shunt.comparison;

import dev.shunt.core.Divergence.FoundBy;
import dev.shunt.core.Workload;
import java.time.Instant;

/** How many items a mechanism has looked at: what the rate of its divergences is measured against. */
public interface ComparedItems {

    /** The mechanism that is spoken of. */
    FoundBy by();

    /** Items that it compared in {@code from <= t < until}. */
    long compared(Workload workload, Instant from, Instant until);
}
