package dev.shunt.legacy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.core.DoorCodec;
import dev.shunt.core.Item;
import dev.shunt.core.ItemHandler;
import dev.shunt.core.ItemKey;
import dev.shunt.core.MessageCodec;
import dev.shunt.core.ResultAudit;
import dev.shunt.core.WayIn;
import dev.shunt.core.WorkflowBinding;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.core.WorkloadDefinition;
import dev.shunt.core.WorkloadSettings;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The smallest workload: a message is a JSON object with an id. */
record TinyWorkload(ItemHandler handler) implements WorkloadDefinition {

    static final Workload TINY = new Workload("tiny");
    static final WorkloadCatalog CATALOG =
            new WorkloadCatalog(Map.of(TINY, new WorkloadSettings("tiny:queue", "tiny:dead", "f", "trace", "t")));
    static final LegacyKeys KEYS = LegacyKeys.of(CATALOG, TINY);

    private static final Pattern ID = Pattern.compile("\\{\"id\":\"([^\"]+)\"[^}]*\\}");

    static byte[] message(String id) {
        return ("{\"id\":\"" + id + "\"}").getBytes(UTF_8);
    }

    static Item item(String id) {
        return item(message(id), Instant.parse("2026-11-21T10:00:00.123456Z"), WayIn.HTTP);
    }

    static ItemKey key(String id) {
        return item(id).key();
    }

    static Item item(byte[] message, Instant at, WayIn wayIn) {
        Matcher id = ID.matcher(new String(message, UTF_8));
        if (!id.matches()) {
            throw new IllegalArgumentException("no tiny message");
        }
        var key = ItemKey.of("p", id.group(1), digest(message));
        return new Item(TINY, key, key.subjectKey(), message, wayIn, at, "seen@" + at);
    }

    private static String digest(byte[] message) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(message))
                    .substring(0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public Workload workload() {
        return TINY;
    }

    @Override
    public MessageCodec messages() {
        return TinyWorkload::read;
    }

    static MessageCodec.Reading read(byte[] message, Instant now) {
        return ID.matcher(new String(message, UTF_8)).matches()
                ? new MessageCodec.Reading.Read(item(message, now, WayIn.TAP))
                : new MessageCodec.Reading.Undecodable("id is missing");
    }

    @Override
    public DoorCodec door() {
        throw new UnsupportedOperationException("the tiny workload has no door");
    }

    @Override
    public WorkflowBinding workflow() {
        throw new UnsupportedOperationException("the tiny workload has no workflow");
    }

    @Override
    public ResultAudit audit() {
        throw new UnsupportedOperationException("the tiny workload has no audit");
    }
}
