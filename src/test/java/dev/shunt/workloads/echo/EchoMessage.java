package dev.shunt.workloads.echo;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.WayIn;
import dev.shunt.core.Workload;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One JSON object: {@code {"id", "project", "text"}}. */
public record EchoMessage(String id, String project, String text) {

    public static final Workload ECHO = new Workload("echo");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Its fault names the field. */
    static final class Unreadable extends Exception {
        Unreadable(String message) {
            super(message);
        }
    }

    static EchoMessage parse(byte[] json) throws Unreadable {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JacksonException broken) {
            throw new Unreadable("not JSON: " + broken.getOriginalMessage());
        }
        for (String field : List.of("id", "project", "text")) {
            if (!root.path(field).isString() || root.path(field).asString().isEmpty()) {
                throw new Unreadable(field + " must be a string that is not empty");
            }
        }
        return new EchoMessage(
                root.get("id").asString(),
                root.get("project").asString(),
                root.get("text").asString());
    }

    public byte[] bytes() {
        return JSON.writeValueAsBytes(this);
    }

    public Item item(WayIn wayIn, Instant now) {
        byte[] bytes = bytes();
        ItemKey key = ItemKey.of(project, id, digest(bytes));
        return new Item(ECHO, key, key.subjectKey(), bytes, wayIn, now, "");
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 8);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java runtime has SHA-256", impossible);
        }
    }

    String line() {
        return new String(bytes(), UTF_8);
    }
}
