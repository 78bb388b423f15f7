package dev.shunt.legacy;

import dev.shunt.core.ExternalResults;
import dev.shunt.core.ForwardedSample;
import dev.shunt.core.Seldom;
import dev.shunt.core.WorkloadCatalog;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;

/** Where the worker outside is, if there is one. */
record OldWorkerPlace(Optional<OldWorker> worker) {

    private static final Logger log = LoggerFactory.getLogger(OldWorkerPlace.class);

    static OldWorkerPlace of(
            OldWorkerSettings settings,
            LegacySettings legacy,
            WorkloadCatalog catalog,
            ObjectProvider<ExternalResults> results,
            ObjectProvider<ForwardedSample> sample) {
        var unreadable = new Seldom();
        Optional<OldWorker> worker = OldWorker.of(
                settings,
                legacy,
                catalog,
                message -> evidence(settings.workload(), results, message, unreadable),
                (workload, key, bytes) ->
                        sample.getIfAvailable(() -> ForwardedSample.NONE).takes(workload, key, bytes));
        worker.ifPresent(there -> log.info(
                "What {} decides for legacy is forwarded to {}; a worker outside Shunt consumes it",
                there.workload(),
                there.queue()));
        return new OldWorkerPlace(worker);
    }

    /** Watching never breaks the work: without evidence an item is forwarded all the same, and its check says so. */
    private static String evidence(
            String workload, ObjectProvider<ExternalResults> results, byte[] message, Seldom unreadable) {
        try {
            return results.orderedStream()
                    .filter(one -> one.workload().name().equals(workload))
                    .findFirst()
                    .map(one -> one.evidence(message))
                    .orElse("");
        } catch (RuntimeException fault) {
            unreadable.log(more -> log.warn(
                    "A {} message and {} more are forwarded without evidence; their results cannot be verified",
                    workload,
                    more,
                    fault));
            return "";
        }
    }
}
