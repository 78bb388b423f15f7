package dev.shunt.core;

/** Which workloads do without their legacy route, as this instance knows it now. Asks nobody, never blocks, never throws. */
public interface RetiredWorkloads {

    /** Whether new items go to Temporal alone: no book, registry or list stands behind them. */
    boolean isRetired(Workload workload);

    /** Whether nothing of it is in Redis any more either, so that a Redis that is away holds nothing of it. */
    boolean isReleased(Workload workload);

    /** Every workload needs its legacy route. */
    RetiredWorkloads NONE = new RetiredWorkloads() {
        @Override
        public boolean isRetired(Workload workload) {
            return false;
        }

        @Override
        public boolean isReleased(Workload workload) {
            return false;
        }
    };
}
