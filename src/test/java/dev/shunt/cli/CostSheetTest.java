package dev.shunt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class CostSheetTest {

    private static final Instant NEW_YEAR = Instant.parse("2026-01-01T00:00:00Z");

    private final CostSheet sheet = new CostSheet(new PriceList(List.of(
            new PriceList.Price("gpt-4o", Instant.MIN, NEW_YEAR, dollars("5"), dollars("15")),
            new PriceList.Price("gpt-4o", NEW_YEAR, Instant.MAX, dollars("2.5"), dollars("10")))));

    @Test
    void spellings_of_a_model_are_one_row_and_the_day_has_a_total() {
        add("2026-11-21T10:00:00Z", " GPT-4o ", "{\"prompt_tokens\":7,\"completion_tokens\":3}");
        add("2026-11-21T23:59:59.999999Z", "gpt-4o", "{\"prompt_tokens\":1}");
        add("2026-11-21T11:00:00Z", "my-private-model", "{\"prompt_tokens\":5,\"total_tokens\":9}");

        assertThat(sheet.rows().values())
                .containsExactlyInAnyOrder(
                        row("2026-11-21", "gpt-4o", 2, 0, 8, 3, 11, "0.00002", "0.00003", "0.00005"),
                        row("2026-11-21", "my-private-model", 1, 1, 5, 0, 9, "0", "0", "0"),
                        row("2026-11-21", "__all__", 3, 1, 13, 3, 20, "0.00002", "0.00003", "0.00005"));
    }

    @Test
    void the_price_is_the_one_in_force_when_the_span_started() {
        add("2025-12-31T23:59:59.999999Z", "gpt-4o", "{\"prompt_tokens\":1000000}");
        add("2026-01-01T00:00:00Z", "gpt-4o", "{\"prompt_tokens\":1000000}");

        assertThat(sheet.rows().values())
                .contains(
                        row("2025-12-31", "gpt-4o", 1, 0, 1_000_000, 0, 1_000_000, "5", "0", "5"),
                        row("2026-01-01", "gpt-4o", 1, 0, 1_000_000, 0, 1_000_000, "2.5", "0", "2.5"));
    }

    @Test
    void a_span_without_model_or_tokens_is_in_no_summary() {
        add("2026-11-21T10:00:00Z", "gpt-4o", "{\"prompt_tokens\":0}");
        add("2026-11-21T10:00:00Z", "  ", "{\"prompt_tokens\":5}");

        assertThat(sheet.rows()).isEmpty();
    }

    private void add(String start, String model, String usage) {
        var request = (ObjectNode) Recordings.JSON.readTree(
                "{\"spans\":[{\"start_time\":\"%s\",\"model\":\"%s\",\"usage\":%s}]}".formatted(start, model, usage));
        sheet.add(new DemoTrace(Phase.PLAN.getFirst(), DemoTrace.Way.HTTP, "t", request, Instant.parse(start)));
    }

    private static CostRow row(
            String day,
            String model,
            long spans,
            long unpriced,
            long prompt,
            long completion,
            long total,
            String input,
            String output,
            String cost) {
        return new CostRow(
                day, model, spans, unpriced, prompt, completion, total, dollars(input), dollars(output), dollars(cost));
    }

    private static BigDecimal dollars(String amount) {
        return new BigDecimal(amount);
    }
}
