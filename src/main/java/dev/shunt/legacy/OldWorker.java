package dev.shunt.legacy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.core.ForwardedItems.Forwarded;
import dev.shunt.core.ForwardedSample;
import dev.shunt.core.Lineage;
import dev.shunt.core.Sha256;
import dev.shunt.core.Stamp;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.core.WorkloadSettings;
import dev.shunt.legacy.OldWorkerSettings.Consumer;
import java.util.Arrays;
import java.util.Optional;

/**
 * The worker outside Shunt that is the legacy side of one workload. It gets messages as their producers pushed them,
 * without a stamp; what the stamp would say is remembered in Redis beside the book until the worker is done.
 *
 * @param queue the list that it consumes
 * @param deadLetters the list where it puts what it gives up
 * @param evidence what is remembered of each input
 * @param sample which messages are remembered in full
 */
record OldWorker(Workload workload, String queue, String deadLetters, EvidenceOf evidence, ForwardedSample sample) {

    private static final int DIGEST = 16;
    private static final int LENGTH = 8;
    private static final byte[] NO_MESSAGE = {'{', '}'};

    /** Makes the evidence for rows that the worker will write. */
    interface EvidenceOf {
        String of(byte[] message);
    }

    /** @throws IllegalArgumentException naming the setting, if the lists cannot be told apart */
    static Optional<OldWorker> of(
            OldWorkerSettings settings,
            LegacySettings legacy,
            WorkloadCatalog catalog,
            EvidenceOf evidence,
            ForwardedSample sample) {
        if (settings.consumer() == Consumer.INTERNAL) {
            return Optional.empty();
        }
        if (legacy.pop() == LegacySettings.Pop.BRPOP) {
            throw new IllegalArgumentException("shunt.legacy.pop must be blmove when shunt.legacy.consumer is external,"
                    + " was brpop: it measures Shunt's own consumer");
        }
        var workload = new Workload(settings.workload());
        WorkloadSettings own = catalog.of(workload);
        String deadLetters = settings.deadLetterList().isBlank() ? own.deadLetterList() : settings.deadLetterList();
        differ("queue", settings.queue(), "the queue of workload " + workload, own.queue());
        differ("queue", settings.queue(), "the dead-letter list of workload " + workload, own.deadLetterList());
        differ("queue", settings.queue(), "shunt.legacy.dead-letter-list", deadLetters);
        differ("dead-letter-list", deadLetters, "the queue of workload " + workload, own.queue());
        return Optional.of(new OldWorker(workload, settings.queue(), deadLetters, evidence, sample));
    }

    private static void differ(String key, String value, String otherName, String other) {
        if (value.equals(other)) {
            throw new IllegalArgumentException("shunt.legacy." + key + " must differ from " + otherName + ", both are '"
                    + value + "': Shunt would take back what it forwards, or the worker what it gave up");
        }
    }

    /** What is remembered of one message on its way. */
    byte[] remembered(byte[] message, Stamp stamp) {
        byte[] expected = evidence.of(message).getBytes(UTF_8);
        byte[] mark = stamp.withLineage(Lineage.NONE) // the worker outside is in no trace of ours
                .appendTo(sample.takes(workload, stamp.key(), message.length) ? message : NO_MESSAGE);
        byte[] head = (digest(message) + "%08x".formatted(expected.length)).getBytes(UTF_8);
        byte[] all = Arrays.copyOf(head, head.length + expected.length + mark.length);
        System.arraycopy(expected, 0, all, head.length, expected.length);
        System.arraycopy(mark, 0, all, head.length + expected.length, mark.length);
        return all;
    }

    /** Reads {@link #remembered}. */
    static Forwarded read(byte[] remembered) {
        int length = Integer.parseInt(new String(remembered, DIGEST, LENGTH, UTF_8), 16);
        int from = DIGEST + LENGTH;
        Stamp.Stamped mark = Stamp.split(Arrays.copyOfRange(remembered, from + length, remembered.length));
        return new Forwarded(
                mark.stamp().orElseThrow(() -> new IllegalStateException("a forwarded item without a stamp")),
                new String(remembered, from, length, UTF_8),
                Arrays.equals(mark.message(), NO_MESSAGE) ? null : mark.message());
    }

    static String digestOf(byte[] remembered) {
        return new String(remembered, 0, DIGEST, UTF_8);
    }

    /** Tells messages of the worker's lists apart: the first 16 hex digits of SHA-256 over their bytes. */
    static String digest(byte[] message) {
        return Sha256.hex(message, DIGEST);
    }
}
