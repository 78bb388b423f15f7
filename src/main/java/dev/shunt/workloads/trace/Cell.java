package dev.shunt.workloads.trace;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.core.Sha256;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * 64 bits that stand for one field's canonical value: null differs from the empty string, JSON counts by value and not
 * by spelling, times count to the microsecond.
 */
final class Cell {

    /** Of a value that was filled in: it stands for no value and never differs. */
    static final long FILLED = 0x66696c6c6564L;

    private static final long NULL = 0x6e756c6cL;

    private Cell() {}

    static long text(@Nullable String value) {
        return value == null ? NULL : first8(Sha256.of(value.getBytes(UTF_8)));
    }

    static long json(@Nullable Json value) {
        return value == null || value instanceof Json.Null ? NULL : text(JsonWriter.canonical(value));
    }

    static long number(@Nullable Integer value) {
        return value == null ? NULL : text(value.toString());
    }

    static long time(@Nullable Instant value) {
        return value == null
                ? NULL
                : text(Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, value.truncatedTo(ChronoUnit.MICROS))));
    }

    /** One number for several, in their order. */
    static long all(Collection<Long> cells) {
        ByteBuffer bytes = ByteBuffer.allocate(cells.size() * Long.BYTES);
        cells.forEach(bytes::putLong);
        return first8(Sha256.of(bytes.array()));
    }

    /** The same for an array of them. */
    static long all(long[] cells) {
        ByteBuffer bytes = ByteBuffer.allocate(cells.length * Long.BYTES);
        bytes.asLongBuffer().put(cells);
        return first8(Sha256.of(bytes.array()));
    }

    private static long first8(byte[] hash) {
        return ByteBuffer.wrap(hash).getLong();
    }
}
