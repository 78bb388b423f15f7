package dev.shunt.embedded.faults;

/** What can be planted. */
enum Fault {
    /** The Temporal route stores costs rounded to four decimals, as an implementation with a money type might. */
    COST_ROUNDED
}
