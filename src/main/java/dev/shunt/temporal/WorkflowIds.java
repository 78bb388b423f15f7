package dev.shunt.temporal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.core.ItemKey;
import dev.shunt.core.Sha256;
import dev.shunt.core.Workload;
import java.util.Optional;

/** The workflow id of an item is its business key: the same item can never run twice at the same time. */
final class WorkflowIds {

    /**
     * Bytes of UTF-8. A server's SQL schemas keep workflow ids in {@code VARCHAR(255)}, while its {@code
     * limit.maxIDLength} is 1000 unless it is configured: a longer id would pass the front door and fail in the
     * database at every attempt. The limit counts bytes and the column characters; bytes are never fewer.
     */
    static final int LONGEST = 255;

    private WorkflowIds() {}

    static String of(Workload workload, ItemKey key) {
        String id = workload.name() + ':' + key.value();
        if (id.getBytes(UTF_8).length <= LONGEST) {
            return id;
        }
        return workload.name() + ":sha256:" + Sha256.hex(key.value());
    }

    /** Whether an item of this workload may have a workflow of this id; a shadow run has none such. */
    static boolean isOf(Workload workload, String id) {
        return id.startsWith(workload.name() + ':');
    }

    /** The item whose workflow has this id; empty where the id does not tell: a long one, or none of this workload. */
    static Optional<ItemKey> key(Workload workload, String id) {
        if (!isOf(workload, id)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ItemKey(id.substring(workload.name().length() + 1)));
        } catch (IllegalArgumentException noKey) {
            return Optional.empty();
        }
    }

    /** Of a shadow run: never the id of any item. */
    static String ofShadow(String runId, Workload workload, ItemKey runKey) {
        String id = "shadow:" + runId + ':' + runKey.value();
        if (id.getBytes(UTF_8).length <= LONGEST) {
            return id;
        }
        return "shadow:" + runId + ":sha256:" + Sha256.hex(workload.name() + ':' + runKey.value());
    }
}
