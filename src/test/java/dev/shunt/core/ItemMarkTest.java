package dev.shunt.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class ItemMarkTest {

    private static final Workload TRACE = new Workload("trace");
    private static final RouteDecision DECISION =
            RouteDecision.byFlag(new Bucket(812), new Percentage(1_000), new Epoch(7));
    private static final Lineage LINEAGE = Lineage.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", null);

    @AfterEach
    void tidy() {
        MDC.clear();
    }

    @Test
    void lines_carry_the_item_until_the_mark_is_closed() {
        try (ItemMark mark = ItemMark.of(TRACE, key("a"), DECISION, LINEAGE)) {
            assertThat(MDC.getCopyOfContextMap())
                    .containsEntry("workload", "trace")
                    .containsEntry("item", "p:a:0123456789abcdef")
                    .containsEntry("route", "TEMPORAL")
                    .containsEntry("epoch", "7")
                    .containsEntry("traceId", "0af7651916cd43dd8448eb211c80319c")
                    .containsEntry("spanId", "b7ad6b7169203331");
            assertThat(ItemMark.here()).isEqualTo(LINEAGE);
        }
        assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
        assertThat(ItemMark.here()).isEqualTo(Lineage.NONE);
    }

    @Test
    void nothing_of_one_item_stands_on_the_next_ones_lines() {
        try (ItemMark first = ItemMark.of(TRACE, key("a"), DECISION, LINEAGE)) {
            assertThat(MDC.get("traceId")).isNotNull();
        }
        try (ItemMark second = ItemMark.of(TRACE, key("b"), DECISION, Lineage.NONE)) {
            assertThat(MDC.get("item")).contains(":b:");
            assertThat(MDC.get("traceId")).isNull();
            assertThat(ItemMark.here()).isEqualTo(Lineage.NONE);
        }
    }

    @Test
    void an_inner_mark_gives_back_what_the_outer_one_set() {
        MDC.put("route", "somebody else's");
        try (ItemMark outer = ItemMark.of(TRACE, key("a"), DECISION, LINEAGE)) {
            try (ItemMark inner = ItemMark.of(TRACE, key("b"), DECISION, Lineage.NONE)) {
                assertThat(MDC.get("item")).contains(":b:");
                assertThat(ItemMark.here()).isEqualTo(LINEAGE);
            }
            assertThat(MDC.get("item")).contains(":a:");
        }
        assertThat(MDC.getCopyOfContextMap()).isEqualTo(java.util.Map.of("route", "somebody else's"));
    }

    private static ItemKey key(String subject) {
        return ItemKey.of("p", subject, "0123456789abcdef");
    }
}
