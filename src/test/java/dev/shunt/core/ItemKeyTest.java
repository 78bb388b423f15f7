package dev.shunt.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ItemKeyTest {

    private static final String DIGEST = "0123456789abcdef";

    @Test
    void its_parts_come_back_whatever_they_hold() {
        List<String> parts = List.of("a", "a:b", "%", "%3A", "%25", "%253A", ":", "::", "a%:", "é😕", " ", "\n");
        Map<ItemKey, List<String>> seen = new HashMap<>();
        for (String project : parts) {
            for (String subject : parts) {
                ItemKey key = ItemKey.of(project, subject, DIGEST);
                assertThat(key.project()).isEqualTo(project);
                assertThat(key.subject()).isEqualTo(subject);
                assertThat(key.digest()).isEqualTo(DIGEST);
                assertThat(key.value()).isEqualTo(key.subjectKey() + ":" + DIGEST);
                assertThat(seen.put(key, List.of(project, subject))).isNull();
            }
        }
    }

    @Test
    void a_colon_is_escaped() {
        assertThat(ItemKey.of("a:b", "50%", DIGEST).subjectKey()).isEqualTo("a%3Ab:50%25");
        assertThat(ItemKey.of("é", "x", DIGEST).utf8Length()).isEqualTo(2 + 1 + 1 + 1 + 16);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a:b",
                ":b:0123456789abcdef",
                "a::0123456789abcdef",
                "a:b:0123456789ABCDEF",
                "a:b:c:0123456789abcdef",
                "a:b:012"
            })
    void what_is_no_key_is_refused(String value) {
        assertThatThrownBy(() -> new ItemKey(value)).hasMessageContaining("item key must be project:subject:digest16");
    }
}
