package dev.shunt.temporal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.core.ItemKey;
import dev.shunt.core.Workload;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The workflow id of an item is its business key: the same item can never run twice at the same time. */
final class WorkflowIds {

    /** Temporal's limit is 1,000 bytes; some servers are configured lower. */
    private static final int LONGEST = 900;

    private WorkflowIds() {}

    static String of(Workload workload, ItemKey key) {
        String id = workload.name() + ':' + key.value();
        if (id.getBytes(UTF_8).length <= LONGEST) {
            return id;
        }
        return workload.name() + ":sha256:" + sha256(key.value());
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java runtime has SHA-256", impossible);
        }
    }
}
