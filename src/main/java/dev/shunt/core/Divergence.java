package dev.shunt.core;

import org.jspecify.annotations.Nullable;

/**
 * One disagreement between what must be stored and what is.
 *
 * @param kind what sort of disagreement
 * @param path where: array elements by id, for example {@code spans[839f2bf5].total_cost}
 * @param expected the value that must be there; null if only its digest is known or nothing must be there
 * @param actual the value that is there; null if nothing is
 * @param key the item, if one is concerned
 * @param route where it ran, if known
 * @param epoch the flag's version it was decided at, if known
 */
public record Divergence(
        Kind kind,
        String path,
        @Nullable String expected,
        @Nullable String actual,
        @Nullable ItemKey key,
        @Nullable Route route,
        @Nullable Epoch epoch) {

    /** Sorts of disagreement. */
    public enum Kind {
        /** Accepted but not stored. */
        MISSING,
        /** Stored but never accepted. */
        EXTRA,
        /** A stored field is not what the input says. */
        VALUE,
        /** The same id came with other content; the first write won. */
        CONFLICT,
        /** A summary is not the sum of its rows. */
        SUMMARY
    }

    /** The path without the ids of array elements: divergences are grouped by it. */
    public String pathPattern() {
        return path.replaceAll("\\[[^\\]]*\\]", "[]");
    }
}
