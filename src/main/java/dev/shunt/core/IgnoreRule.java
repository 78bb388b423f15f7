package dev.shunt.core;

import dev.shunt.core.Divergence.Kind;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A choice not to look at some divergences for a while. They are recorded, counted and shown as hidden by this rule; when
 * it expires or is removed they are back.
 *
 * @param id grows in the order of creation
 * @param removedAt when a person took it back; null if nobody did
 * @param active neither removed nor expired: it hides
 * @param hides divergences that it hides now; a divergence is hidden by the oldest active rule that fits
 * @param hid divergences that it hid when they were last recorded, whether it is active or not
 */
public record IgnoreRule(
        long id,
        Draft rule,
        String createdBy,
        Instant createdAt,
        @Nullable String removedBy,
        @Nullable Instant removedAt,
        boolean active,
        long hides,
        long hid) {

    /** A rule lives at most this long: what is ignored for ever is forgotten. */
    public static final Duration LONGEST = Duration.ofDays(90);

    private static final int LONGEST_PATH = 1_000;
    private static final BigDecimal LARGEST_TOLERANCE = new BigDecimal("1e30");

    /**
     * What a rule hides, and who answers for that.
     *
     * @param path a path such as {@code spans[839f2bf5].total_cost} or a pattern such as {@code spans[].total_cost};
     *     {@code *} stands for any text; 1..1000 characters
     * @param kind null: every kind
     * @param absolute hides only where both values are numbers that differ by at most this; null: not asked
     * @param relative the same as a share of the expected value; with both, one of them is enough
     * @param owner who is asked when it expires
     */
    public record Draft(
            Workload workload,
            String path,
            @Nullable Kind kind,
            @Nullable BigDecimal absolute,
            @Nullable BigDecimal relative,
            String reason,
            String owner,
            Instant expiresAt) {

        public Draft {
            if (path.isBlank() || path.length() > LONGEST_PATH) {
                throw new IllegalArgumentException("path must have 1.." + LONGEST_PATH + " characters");
            }
            tolerance("absoluteTolerance", absolute);
            tolerance("relativeTolerance", relative);
            if (reason.isBlank()) {
                throw new IllegalArgumentException("reason must say why");
            }
            if (owner.isBlank()) {
                throw new IllegalArgumentException("owner must name who answers for the rule");
            }
        }

        /** @throws IllegalArgumentException unless it expires after now and within {@link #LONGEST} */
        public Draft from(Instant now) {
            if (!expiresAt.isAfter(now) || expiresAt.isAfter(now.plus(LONGEST))) {
                throw new IllegalArgumentException("expiresAt must be after now and at most " + LONGEST.toDays()
                        + " days away (" + now.plus(LONGEST) + "), was " + expiresAt);
            }
            return this;
        }

        /** The path for SQL's LIKE. */
        public String like() {
            return path.replace("\\", "\\\\")
                    .replace("%", "\\%")
                    .replace("_", "\\_")
                    .replace('*', '%');
        }

        private static void tolerance(String name, @Nullable BigDecimal value) {
            if (value != null && (value.signum() < 0 || value.compareTo(LARGEST_TOLERANCE) > 0)) {
                throw new IllegalArgumentException(name + " must be 0..1e30, was " + value);
            }
        }
    }
}
