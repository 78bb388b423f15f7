package dev.shunt.workloads.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.core.ItemKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutingKeyChoiceTest {

    private static final ItemKey KEY = ItemKey.of("p:1", "t", "0123456789abcdef");

    @ParameterizedTest
    @CsvSource({"trace, p%3A1:t", "session, p%3A1:session:s%3A1", "user, p%3A1:user:u", "project, p%3A1"})
    void the_chosen_value_stays_on_one_route(String setting, String routingKey) {
        assertThat(RoutingKeyChoice.of(setting).routingKey(KEY, "s:1", "u")).isEqualTo(routingKey);
    }

    @ParameterizedTest
    @CsvSource({"session", "user"})
    void without_the_value_an_item_stays_with_its_trace(String setting) {
        assertThat(RoutingKeyChoice.of(setting).routingKey(KEY, null, null)).isEqualTo("p%3A1:t");
        assertThat(RoutingKeyChoice.of(setting).routingKey(KEY, "", "")).isEqualTo("p%3A1:t");
    }

    @Test
    void an_unknown_choice_names_the_key_and_the_choices() {
        assertThatThrownBy(() -> RoutingKeyChoice.of("Trace"))
                .hasMessage(
                        "shunt.workloads.trace.routing-key must be one of [trace, session, user, project], was 'Trace'");
    }
}
