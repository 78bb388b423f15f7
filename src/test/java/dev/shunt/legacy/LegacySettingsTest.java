package dev.shunt.legacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class LegacySettingsTest {

    @Test
    void without_configuration_the_documented_values_hold() {
        LegacySettings settings = bind(Map.of());
        assertThat(settings.consumers()).isEqualTo(2);
        assertThat(settings.batch()).isEqualTo(64);
        assertThat(settings.pop()).isEqualTo(LegacySettings.Pop.BLMOVE);
        assertThat(settings.block()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.commandTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.lease()).isEqualTo(Duration.ofSeconds(15));
        assertThat(settings.heartbeat()).isEqualTo(Duration.ofSeconds(3));
    }

    @ParameterizedTest
    @CsvSource({
        "batch,        0,   shunt.legacy.batch must be 1..1000",
        "consumers,    65,  shunt.legacy.consumers must be 0..64",
        "block,        20s, shunt.legacy.command-timeout must be at least twice shunt.legacy.block",
        "block,        6s,  shunt.legacy.stall must be at least twice shunt.legacy.block",
        "lease,        8s, shunt.legacy.lease must be at least three times shunt.legacy.heartbeat",
        "first-retry,  6s,  shunt.legacy.longest-retry must be at least shunt.legacy.first-retry",
        "linger,       2s,  shunt.legacy.linger must be PT0S..PT1S",
        "drain,        -1s, shunt.legacy.drain must be PT0S..PT1H",
    })
    void a_wrong_value_stops_the_start_with_its_key_and_range(String key, String value, String message) {
        assertThatThrownBy(() -> bind(Map.of("shunt.legacy." + key, value)))
                .rootCause()
                .hasMessageContaining(message)
                .hasMessageContaining("was");
    }

    private static LegacySettings bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("shunt.legacy", LegacySettings.class);
    }
}
