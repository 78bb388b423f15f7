package dev.shunt.core;

import org.jspecify.annotations.Nullable;

/**
 * One disagreement between what must be stored and what is, or between what two routes made of one item.
 *
 * @param foundBy the mechanism that found it
 * @param kind what sort of disagreement
 * @param path where: array elements by id, for example {@code spans[839f2bf5].total_cost}
 * @param expected the value that must be there; null if only its digest is known or nothing must be there
 * @param actual the value that is there; null if nothing is
 * @param key the item, if one is concerned
 * @param route what produced the actual value, if known
 * @param epoch the flag's version at which that route was decided, if known
 * @param expectedRoute what produced the expected value; null if it comes from the input
 * @param expectedEpoch the flag's version at which that route was decided, if known
 */
public record Divergence(
        FoundBy foundBy,
        Kind kind,
        String path,
        @Nullable String expected,
        @Nullable String actual,
        @Nullable ItemKey key,
        @Nullable Route route,
        @Nullable Epoch epoch,
        @Nullable Route expectedRoute,
        @Nullable Epoch expectedEpoch) {

    /** The mechanisms that look for disagreements. */
    public enum FoundBy {
        /** Rows against what the input says, summaries against rows, the ledger against both. */
        RECONCILIATION,
        /** Accepted items against everything that may hold them. */
        CONSERVATION,
        /** The store itself, when a delivery met what another one had written. */
        STORE,
        /** Both routes processed the same item. */
        SHADOW
    }

    /** Sorts of disagreement. */
    public enum Kind {
        /** Accepted but not stored, or on one side only and not on the one that is checked. */
        MISSING,
        /** Stored but never accepted, or on the checked side only. */
        EXTRA,
        /** A field is not what it must be. */
        VALUE,
        /** A field holds another type of value, for example a text instead of a number. */
        TYPE,
        /** The same elements in another order. */
        ORDER,
        /** The same id came with other content; the first write won. */
        CONFLICT,
        /** A summary is not the sum of its rows. */
        SUMMARY,
        /** Stored, but much later than it was accepted. */
        LATE,
        /** One route could process the item and the other could not. */
        ERROR_ONE_SIDE
    }

    /** What was found by holding stored rows against the input. */
    public static Divergence ofInput(
            Kind kind,
            String path,
            @Nullable String expected,
            @Nullable String actual,
            @Nullable ItemKey key,
            @Nullable Route route,
            @Nullable Epoch epoch) {
        return new Divergence(FoundBy.RECONCILIATION, kind, path, expected, actual, key, route, epoch, null, null);
    }

    /** The path without the ids of array elements: divergences are grouped by it. */
    public String pathPattern() {
        return path.replaceAll("\\[[^\\]]*\\]", "[]");
    }
}
