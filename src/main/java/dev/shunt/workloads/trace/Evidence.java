package dev.shunt.workloads.trace;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of an input to verify its stored result later: digests along both sides of the table of spans and
 * fields, so that a mismatch can be named without keeping any content, and which values had been filled in.
 *
 * @param timeFilled whether the trace's time was set at acceptance
 * @param trace one digest for each fixed field of the trace
 * @param columns one digest for each fixed span field, over all spans in the order of their ids
 * @param spans one entry for each span, in the order of their ids
 * @param userMetadata a digest of what was told about the user; null if nothing was
 */
record Evidence(
        boolean timeFilled,
        Map<TraceField, Integer> trace,
        Map<SpanField, Integer> columns,
        List<Evidence.SpanEvidence> spans,
        @Nullable Integer userMetadata) {

    static final int VERSION = 1;
    static final int WITH_USER = 2;
    private static final int SHOWN_BYTES = 8;

    Evidence {
        spans = List.copyOf(spans);
    }

    /**
     * @param idDigest tells whether a stored span is this one
     * @param digest over all its fields
     * @param shownId its id for people: at most 8 bytes of it, with an ellipsis where it is cut
     */
    record SpanEvidence(int idDigest, int digest, Filled filled, String shownId) {

        static SpanEvidence of(String id, Cells.Span span) {
            return new SpanEvidence(idDigest(id), (int) span.digest(), span.filled(), shown(id));
        }

        static int idDigest(String id) {
            return (int) Cell.text(id);
        }

        static String shown(String id) {
            if (id.getBytes(UTF_8).length <= SHOWN_BYTES) {
                return id;
            }
            int end = Math.min(SHOWN_BYTES, id.length());
            while (Character.isHighSurrogate(id.charAt(end - 1))
                    || id.substring(0, end).getBytes(UTF_8).length > SHOWN_BYTES) {
                end--;
            }
            return id.substring(0, end) + "…";
        }
    }

    /** Compact and printable, for the stamp and the ledger: about 220 characters for five spans. */
    String text() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(userMetadata == null ? VERSION : WITH_USER);
            out.writeBoolean(timeFilled);
            for (int digest : trace.values()) {
                out.writeInt(digest);
            }
            for (int digest : columns.values()) {
                out.writeInt(digest);
            }
            out.writeInt(spans.size());
            for (SpanEvidence span : spans) {
                byte[] shown = span.shownId().getBytes(UTF_8);
                out.writeInt(span.idDigest());
                out.writeInt(span.digest());
                out.writeByte(span.filled().bits() << 4 | shown.length); // 8 bytes and an ellipsis are 11 at most
                out.write(shown);
            }
            if (userMetadata != null) {
                out.writeInt(userMetadata);
            }
        } catch (IOException memoryNeverFails) {
            throw new UncheckedIOException(memoryNeverFails);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }

    /** Reads {@link #text()}; empty for anything else, for example the evidence of an item that has none. */
    static Optional<Evidence> parse(String text) {
        try {
            ByteBuffer in = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            int version = in.get();
            if (version != VERSION && version != WITH_USER) {
                return Optional.empty();
            }
            boolean timeFilled = in.get() != 0;
            Map<TraceField, Integer> trace = new EnumMap<>(TraceField.class);
            Arrays.stream(TraceField.values()).forEach(field -> trace.put(field, in.getInt()));
            Map<SpanField, Integer> columns = new EnumMap<>(SpanField.class);
            Arrays.stream(SpanField.values()).forEach(field -> columns.put(field, in.getInt()));
            List<SpanEvidence> spans = new ArrayList<>();
            for (int left = in.getInt(); left > 0; left--) {
                spans.add(span(in));
            }
            Integer userMetadata = version == WITH_USER ? (Integer) in.getInt() : null;
            return in.hasRemaining()
                    ? Optional.empty()
                    : Optional.of(new Evidence(timeFilled, trace, columns, spans, userMetadata));
        } catch (IllegalArgumentException | BufferUnderflowException notOurs) {
            return Optional.empty();
        }
    }

    private static SpanEvidence span(ByteBuffer in) {
        int idDigest = in.getInt();
        int digest = in.getInt();
        int marks = in.get();
        byte[] shown = new byte[marks & 15];
        in.get(shown);
        return new SpanEvidence(idDigest, digest, Filled.ofBits(marks >> 4), new String(shown, UTF_8));
    }
}
