package dev.shunt.store;

/**
 * What became of the items of one cohort. accepted = completed + pending + open + dead.
 *
 * @param completed done
 * @param pending stored, with a price or summary still to be finished
 * @param open accepted and not stored, as far as the ledger knows
 * @param dead ended as dead letters
 * @param retried committed by a delivery that had to be tried more than once
 * @param fallback ran on the legacy route because the Temporal start failed
 * @param diverted ran on the other route, for whatever reason
 * @param duplicates deliveries by others that found an item done
 * @param replays repeats of a delivery after a crash
 * @param costed items of which the next two are known
 * @param temporalActions billable actions on Temporal of those
 * @param rowsWritten rows of Postgres that those wrote
 */
public record CohortCounts(
        long accepted,
        long completed,
        long pending,
        long open,
        long dead,
        long retried,
        long fallback,
        long diverted,
        long duplicates,
        long replays,
        long costed,
        long temporalActions,
        long rowsWritten) {

    public static final CohortCounts NONE = new CohortCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    public CohortCounts plus(CohortCounts more) {
        return new CohortCounts(
                accepted + more.accepted,
                completed + more.completed,
                pending + more.pending,
                open + more.open,
                dead + more.dead,
                retried + more.retried,
                fallback + more.fallback,
                diverted + more.diverted,
                duplicates + more.duplicates,
                replays + more.replays,
                costed + more.costed,
                temporalActions + more.temporalActions,
                rowsWritten + more.rowsWritten);
    }
}
