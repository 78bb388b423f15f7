package dev.shunt.core;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Identity of an item: {@code project:subject:digest}. The same key is the same delivery of the same content, wherever
 * it shows up: idempotency, registry, ledger and workflow id all use it.
 *
 * @param value the three parts, each with {@code %} and {@code :} escaped so that a colon cannot confuse two keys
 */
public record ItemKey(String value) implements Comparable<ItemKey> {

    private static final Pattern FORM = Pattern.compile("[^:]+:[^:]+:[0-9a-f]{16}", Pattern.DOTALL);

    public ItemKey {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("item key must be project:subject:digest16, was '" + value + "'");
        }
    }

    /**
     * @param project the tenant
     * @param subject what the item is about, for example a trace id
     * @param digest the first 16 hex digits of SHA-256 over the content
     */
    public static ItemKey of(String project, String subject, String digest) {
        return new ItemKey(escape(project) + ':' + escape(subject) + ':' + digest);
    }

    public String project() {
        return unescape(value.substring(0, value.indexOf(':')));
    }

    public String subject() {
        return unescape(value.substring(value.indexOf(':') + 1, value.lastIndexOf(':')));
    }

    public String digest() {
        return value.substring(value.lastIndexOf(':') + 1);
    }

    /** {@code project:subject}: all items of one subject share it; the default routing key. */
    public String subjectKey() {
        return value.substring(0, value.lastIndexOf(':'));
    }

    /** Length in UTF-8 bytes, for stores that bound it. */
    public int utf8Length() {
        return value.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String escape(String part) {
        return part.replace("%", "%25").replace(":", "%3A");
    }

    private static String unescape(String part) {
        return part.replace("%3A", ":").replace("%25", "%");
    }

    @Override
    public int compareTo(ItemKey other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
