package dev.shunt.store;

/** The stages of an item's way, each with a latency of its own. */
public enum CohortStage {
    /** Accepted until a worker took up the delivery that committed it. */
    ACCEPT_TO_START,
    /** Taken up until its effects were durable. */
    START_TO_COMMIT,
    /** Durable until price and summary were finished too; mostly nothing. */
    COMMIT_TO_DONE,
    /** The whole way that somebody waits for a result. */
    ACCEPT_TO_COMMIT
}
