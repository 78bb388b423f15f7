package dev.shunt.comparison.gates;

/** What is counted of the items accepted in a phase. */
enum Count {
    /** Stored or dead, decided for legacy. */
    LEGACY_SETTLED,
    TEMPORAL_SETTLED,
    LEGACY_DEAD,
    TEMPORAL_DEAD,
    /** Held against the frozen thresholds, whether stored or only too old. */
    LEGACY_TIMED,
    TEMPORAL_TIMED,
    LEGACY_OVER_P99,
    TEMPORAL_OVER_P99,
    LEGACY_OVER_MEDIAN,
    TEMPORAL_OVER_MEDIAN,
    /** Due to be completed by Temporal: stored, dead or a minute old. */
    DUE,
    /** And not completed by it within that minute. */
    MISSED,
    /** Items on Temporal of which it is known whether they took longer than the limit of p95. */
    P95_KNOWN,
    P95_OVER,
    /** Tries of activities. */
    TRIES,
    FAILED_TRIES,
    /** Items that are not where bucket and percentage say; of the whole rollout. */
    MISROUTED,
    /** Stored or dead on the route that a person had pinned them to; counted nowhere else. */
    PINNED,
    /** Stored or dead after a person had sent them again from the dead letters; counted nowhere else. */
    REPLAYED
}
