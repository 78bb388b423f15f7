package dev.shunt.routing;

import dev.shunt.core.Epoch;
import dev.shunt.core.Percentage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One version of a workload's flag, as this instance read it.
 *
 * @param feature its name in FF4j
 * @param epoch its version; {@link Epoch#NONE} until one was read, and when nobody ever made the feature
 * @param enabled the kill switch: off means 0 %, whatever the percentage says
 * @param percentage the share set for Temporal; 0 for a missing or malformed row
 * @param changedBy who made this version
 * @param verified whether somebody checked who that is
 * @param changedAt when, by the database's clock; null if nobody did
 * @param reason why
 * @param problem what is wrong with the stored row; null if it is well-formed
 * @param pins who stays on one route whatever the percentage says
 * @param legacySide what is left of the legacy route; see {@link #retired()}
 * @param loadedAt when this instance read it
 */
public record FlagSnapshot(
        String feature,
        Epoch epoch,
        boolean enabled,
        Percentage percentage,
        String changedBy,
        boolean verified,
        @Nullable Instant changedAt,
        String reason,
        @Nullable String problem,
        Pins pins,
        LegacySide legacySide,
        Instant loadedAt) {

    static FlagSnapshot none(String feature, String problem, Instant now) {
        return new FlagSnapshot(
                feature,
                Epoch.NONE,
                false,
                Percentage.ZERO,
                "nobody",
                false,
                null,
                "",
                problem,
                Pins.NONE,
                LegacySide.KEPT,
                now);
    }

    FlagSnapshot with(Pins pinned, LegacySide left) {
        return new FlagSnapshot(
                feature,
                epoch,
                enabled,
                percentage,
                changedBy,
                verified,
                changedAt,
                reason,
                problem,
                pinned,
                left,
                loadedAt);
    }

    /** The share that is in force. */
    public Percentage effective() {
        return enabled ? percentage : Percentage.ZERO;
    }

    /** Whether new items go to Temporal alone. A share below 100 % needs the legacy route, whatever was completed before. */
    public boolean retired() {
        return legacySide != LegacySide.KEPT && effective().equals(Percentage.ALL);
    }
}
