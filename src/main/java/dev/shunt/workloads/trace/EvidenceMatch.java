package dev.shunt.workloads.trace;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;

/**
 * Says quickly whether stored rows are all that their evidence speaks of. It only ever says yes where
 * {@link EvidenceCheck} would find nothing; what differs, and whether anything does after a no, is that one's to say. Almost
 * every item agrees, so this is where a reconciliation spends its time.
 */
final class EvidenceMatch {

    private static final TraceField[] TRACE = TraceField.values();
    private static final SpanField[] SPAN = SpanField.values();

    private EvidenceMatch() {}

    /** @param stored a trace that one item alone wrote */
    static boolean holds(String evidence, TraceMessage stored) {
        try {
            ByteBuffer in = ByteBuffer.wrap(Base64.getUrlDecoder().decode(evidence));
            int version = in.get();
            if (version != Evidence.VERSION && version != Evidence.WITH_USER) {
                return false;
            }
            int after = version == Evidence.WITH_USER ? Integer.BYTES : 0; // the user's row is compared elsewhere
            return trace(in, stored) && spans(in, stored.spans()) && in.remaining() == after;
        } catch (IllegalArgumentException | BufferUnderflowException notOurs) {
            return false;
        }
    }

    private static boolean trace(ByteBuffer in, TraceMessage stored) {
        boolean timeFilled = in.get() != 0;
        for (TraceField field : TRACE) {
            boolean filled = timeFilled && field == TraceField.OCCURRED_AT;
            if (in.getInt() != (int) (filled ? Cell.FILLED : StoredCells.cell(stored, field))) {
                return false;
            }
        }
        return true;
    }

    /** Both sides are in the order of their ids; where their digests clash, order decides in the slow check, too. */
    private static boolean spans(ByteBuffer in, List<SpanMessage> stored) {
        in.position(in.position() + SPAN.length * Integer.BYTES); // columns tell where something differs, not whether
        if (in.getInt() != stored.size()) {
            return false;
        }
        String before = null;
        for (SpanMessage span : stored) {
            if (before != null && before.compareTo(span.id()) >= 0) {
                return false;
            }
            before = span.id();
            if (in.getInt() != Evidence.SpanEvidence.idDigest(span.id())) {
                return false;
            }
            int digest = in.getInt();
            int marks = in.get();
            if (digest != digest(span, Filled.ofBits(marks >> 4))) {
                return false;
            }
            in.position(in.position() + (marks & 15));
        }
        return true;
    }

    private static int digest(SpanMessage span, Filled filled) {
        long[] cells = new long[SPAN.length];
        for (int i = 0; i < SPAN.length; i++) {
            boolean given = (SPAN[i] == SpanField.START_TIME && filled.start())
                    || (SPAN[i] == SpanField.END_TIME && filled.end());
            cells[i] = given ? Cell.FILLED : StoredCells.cell(span, SPAN[i]);
        }
        return (int) Cell.all(cells);
    }
}
