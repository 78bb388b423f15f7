package dev.shunt.temporal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.shunt.core.Lineage;
import io.temporal.api.common.v1.Payload;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LineagePropagatorTest {

    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final LineagePropagator propagator = new LineagePropagator();

    @AfterEach
    void tidy() {
        LineagePropagator.set(Lineage.NONE);
    }

    @Test
    void the_headers_are_those_of_w3c_trace_context_and_come_back_the_same() {
        var lineage = Lineage.of(PARENT, "vendor=1");
        Map<String, Payload> headers = propagator.serializeContext(lineage);
        assertThat(text(headers, "traceparent")).isEqualTo("\"" + PARENT + "\"");
        assertThat(text(headers, "tracestate")).isEqualTo("\"vendor=1\"");
        assertThat(propagator.deserializeContext(headers)).isEqualTo(lineage);
        var quoted = Lineage.of(PARENT, "vendor=\"\\");
        assertThat(propagator.deserializeContext(propagator.serializeContext(quoted)))
                .isEqualTo(quoted);
    }

    @Test
    void nothing_is_sent_where_nothing_is_known_and_a_thread_forgets_what_it_had() {
        assertThat(propagator.serializeContext(Lineage.NONE)).isEmpty();
        assertThat(propagator.serializeContext(null)).isEmpty();
        LineagePropagator.set(Lineage.of(PARENT, null));
        propagator.setCurrentContext(propagator.deserializeContext(Map.of()));
        assertThat(LineagePropagator.here()).isEqualTo(Lineage.NONE);
    }

    @Test
    void headers_that_others_wrote_in_another_way_count_as_not_there() {
        Payload binary = Payload.newBuilder()
                .putMetadata("encoding", ByteString.copyFromUtf8("binary/encrypted"))
                .setData(ByteString.copyFromUtf8(PARENT))
                .build();
        Payload number = Payload.newBuilder()
                .putMetadata("encoding", ByteString.copyFromUtf8("json/plain"))
                .setData(ByteString.copyFromUtf8("12"))
                .build();
        assertThat(propagator.deserializeContext(Map.of("traceparent", binary))).isEqualTo(Lineage.NONE);
        assertThat(propagator.deserializeContext(Map.of("traceparent", number))).isEqualTo(Lineage.NONE);
    }

    private static String text(Map<String, Payload> headers, String name) {
        return Objects.requireNonNull(headers.get(name)).getData().toStringUtf8();
    }
}
