package dev.shunt.workloads.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.embedded.TestBackends;
import dev.shunt.oldworker.OldTables;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** The names of an outside worker's tables are checked before anything is read from them. */
class ExternalNamesTest {

    private static final DataSource DATABASE = TestBackends.dataSource(TestBackends.freshJdbcUrl());

    static {
        OldTables.create(DATABASE);
    }

    @Test
    void the_old_systems_names_are_the_defaults() {
        assertThatCode(() -> database(Map.of()).check()).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "span.model; modle; shunt.external.trace.span.model must name a column of table 'Span', was 'modle'; there are [; completionTokens",
                "trace.table; trace; shunt.external.trace.trace.table must name a table, was 'trace'; schema 'old' has [; Trace",
                "schema; nowhere; shunt.external.trace.schema must name a schema; was 'nowhere'",
                "prices.to; ends; shunt.external.trace.prices.to must name a column of table 'model_pricing', was 'ends'; effectiveTo",
                "trace.stored-at; createdAt; shunt.external.trace.trace.stored-at must name a column; timestamp",
                "span.trace; promptTokens; shunt.external.trace.span.trace must name a column of text; of type integer",
            })
    void a_wrong_name_is_said_with_its_setting_and_what_there_is(
            String key, String value, String message, String there) {
        assertThatThrownBy(() -> database(Map.of(key, value)).check())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message.strip())
                .hasMessageContaining(there.strip());
    }

    @Test
    void what_is_not_kept_is_left_out() {
        assertThatCode(() -> database(Map.of(
                                "prices.table", "", "summaries.table", "", "sessions.table", "", "users.table", ""))
                        .check())
                .doesNotThrowAnyException();
    }

    @Test
    void digits_and_levels_are_bounded() {
        assertThatThrownBy(() -> bind(Map.of("digits", "7"))).rootCause().hasMessageContaining("must be 0..6, was 7");
        assertThatThrownBy(() -> bind(Map.of("levels.WARN", "LOUD")))
                .rootCause()
                .hasMessageContaining("LOUD");
        assertThat(bind(Map.of("levels.WARN", "WARNING")).levels()).containsEntry("WARN", "WARNING");
    }

    private static ExternalDatabase database(Map<String, String> changed) {
        var settings = new HashMap<>(Map.of("schema", "old"));
        settings.putAll(changed);
        return new ExternalDatabase(bind(settings), DATABASE, null);
    }

    private static ExternalTraceSettings bind(Map<String, String> settings) {
        Map<String, String> properties = new HashMap<>();
        settings.forEach((key, value) -> properties.put("shunt.external.trace." + key, value));
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("shunt.external.trace", ExternalTraceSettings.class);
    }
}
