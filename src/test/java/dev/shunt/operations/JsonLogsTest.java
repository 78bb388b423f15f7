package dev.shunt.operations;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import dev.shunt.core.Bucket;
import dev.shunt.core.Epoch;
import dev.shunt.core.ItemKey;
import dev.shunt.core.ItemMark;
import dev.shunt.core.Lineage;
import dev.shunt.core.Percentage;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.Workload;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.core.env.Environment;
import org.springframework.mock.env.MockEnvironment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Lines as {@code logging.structured.format.console=ecs} writes them: what docs/traces-and-logs.md promises. */
class JsonLogsTest {

    private static final Lineage LINEAGE = Lineage.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", null);

    private static final ItemKey KEY = ItemKey.of("p", "t-1", "0123456789abcdef");
    private static final RouteDecision DECISION =
            RouteDecision.byFlag(new Bucket(812), new Percentage(1_000), new Epoch(7));
    private static final Set<String> FIELDS = Set.of("item", "workload", "route", "epoch", "traceId", "spanId");

    @Test
    void a_line_about_an_item_has_its_key_route_epoch_and_trace_as_fields() {
        JsonNode line;
        try (ItemMark mark = ItemMark.of(new Workload("trace"), KEY, DECISION, LINEAGE)) {
            line = line("{} is a dead letter");
        }
        assertThat(line.at("/message").asString()).isEqualTo("t-1 is a dead letter");
        assertThat(line.at("/log/level").asString()).isEqualTo("WARN");
        assertThat(line.at("/item").asString()).isEqualTo("p:t-1:0123456789abcdef");
        assertThat(line.at("/workload").asString()).isEqualTo("trace");
        assertThat(line.at("/route").asString()).isEqualTo("TEMPORAL");
        assertThat(line.at("/epoch").asString()).isEqualTo("7");
        assertThat(line.at("/traceId").asString()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(line.at("/spanId").asString()).isEqualTo("b7ad6b7169203331");
    }

    @Test
    void the_next_line_has_none_of_them() {
        try (ItemMark mark = ItemMark.of(new Workload("trace"), KEY, DECISION, LINEAGE)) {
            assertThat(fields(line("{} is marked"))).containsAll(FIELDS);
        }
        assertThat(fields(line("{} began"))).doesNotContainAnyElementsOf(FIELDS);
    }

    private static Set<String> fields(JsonNode line) {
        return line.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
    }

    private static JsonNode line(String text) {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        var environment = new MockEnvironment().withProperty("spring.application.name", "shunt");
        Object before = context.getObject(Environment.class.getName());
        context.putObject(Environment.class.getName(), environment);
        try {
            var encoder = new StructuredLogEncoder();
            encoder.setContext(context);
            encoder.setFormat("ecs");
            encoder.start();
            var event = new LoggingEvent(
                    "here", context.getLogger("dev.shunt.Test"), Level.WARN, text, null, new Object[] {"t-1"});
            return JsonMapper.shared().readTree(new String(encoder.encode(event), UTF_8));
        } finally {
            if (before == null) {
                context.removeObject(Environment.class.getName());
            } else {
                context.putObject(Environment.class.getName(), before);
            }
        }
    }
}
