package dev.shunt.temporal;

import dev.shunt.core.Lineage;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.context.ContextPropagator;
import io.temporal.common.converter.DataConverterException;
import io.temporal.common.converter.DefaultDataConverter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Carries W3C Trace Context in the headers {@code traceparent} and {@code tracestate} of workflows and activities: from
 * whoever starts a workflow to its steps, and to whatever else of that namespace reads these headers.
 *
 * <p>The SDK sets the context of a thread before each workflow and each activity, also to "nothing", so no thread keeps
 * another item's.
 */
final class LineagePropagator implements ContextPropagator {

    static final String PARENT = "traceparent";
    static final String STATE = "tracestate";

    private static final ThreadLocal<Lineage> HERE = ThreadLocal.withInitial(() -> Lineage.NONE);

    /** What this thread's workflow or activity belongs to. */
    static Lineage here() {
        return HERE.get();
    }

    static void set(Lineage lineage) {
        HERE.set(lineage);
    }

    @Override
    public String getName() {
        return "w3c-trace-context";
    }

    @Override
    public Map<String, Payload> serializeContext(@Nullable Object context) {
        if (!(context instanceof Lineage lineage) || !lineage.isKnown()) {
            return Map.of();
        }
        Map<String, Payload> headers = new HashMap<>();
        payload(lineage.parent()).ifPresent(payload -> headers.put(PARENT, payload));
        if (!lineage.state().isEmpty()) {
            payload(lineage.state()).ifPresent(payload -> headers.put(STATE, payload));
        }
        return headers;
    }

    @Override
    public Object deserializeContext(Map<String, Payload> headers) {
        return Lineage.of(text(headers.get(PARENT)), text(headers.get(STATE)));
    }

    @Override
    public Object getCurrentContext() {
        return HERE.get();
    }

    @Override
    public void setCurrentContext(@Nullable Object context) {
        HERE.set(context instanceof Lineage lineage ? lineage : Lineage.NONE);
    }

    private static Optional<Payload> payload(String text) {
        return DefaultDataConverter.STANDARD_INSTANCE.toPayload(text);
    }

    /** A header that somebody else wrote in another way counts as not there. */
    private static @Nullable String text(@Nullable Payload payload) {
        if (payload == null) {
            return null;
        }
        try {
            return DefaultDataConverter.STANDARD_INSTANCE.fromPayload(payload, String.class, String.class);
        } catch (DataConverterException foreign) {
            return null;
        }
    }
}
