package dev.shunt.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.shunt.operations.StartFailures;
import dev.shunt.rollout.InFlightPolicy;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/**
 * A wrong value of any key stops the start, and what the operator is then told names the key, the value and the range.
 * Which keys there are, and what they may be, is read from the code: a key cannot be forgotten here.
 */
class WrongSettingsTest {

    private static final List<SettingsRecord> SETTINGS = Settings.all();

    /** What the keys of a block need beside them to be a block at all. */
    private static final Map<String, Map<String, String>> BESIDE = Map.of(
            "TemporalSettings", Map.of("shunt.temporal.address", "temporal:7233"),
            "RedisSettings", Map.of("shunt.redis.url", "redis://redis:6379"),
            "RolloutSettings",
                    Map.of(
                            "shunt.rollout.plans.trace.phases[0].percentage", "100",
                            "shunt.rollout.plans.trace.phases[0].gates[0].name", "errors",
                            "shunt.rollout.plans.trace.phases[0].gates[0].mode", "hold"));

    static Stream<Arguments> outside() {
        List<Arguments> cases = new ArrayList<>();
        for (SettingsRecord settings : SETTINGS) {
            for (Key key : settings.keys()) {
                key.range()
                        .ifPresent(range -> range.outside(key.type())
                                .forEach(value -> cases.add(Arguments.of(settings.type(), key, range, value))));
            }
        }
        return cases.stream();
    }

    @Test
    void every_key_is_documented_and_every_number_duration_and_size_says_its_range() {
        List<String> unfinished = SETTINGS.stream()
                .flatMap(settings -> settings.keys().stream())
                .filter(WrongSettingsTest::isUnfinished)
                .map(Key::path)
                .toList();
        assertThat(unfinished).isEmpty();
        assertThat(outside().count()).isGreaterThan(150);
    }

    /** Names of tables and columns need no words; the limit of a custom gate is any finite number. */
    private static boolean isUnfinished(Key key) {
        boolean silent = key.meaning().isEmpty() && !key.path().startsWith("shunt.external.trace.");
        boolean boundless = Range.bounds(key.type())
                && key.range().isEmpty()
                && !key.meaning().contains("finite");
        return silent || boundless;
    }

    @ParameterizedTest
    @MethodSource("outside")
    void a_value_beside_the_range_stops_the_start(Class<?> type, Key key, Range range, String value) {
        String told = start(type, key.path(), value);
        assertThat(told).contains(named(key.path()));
        assertThat(told).containsAnyOf(asWritten(key.type(), value));
        assertThat(told)
                .containsAnyOf(Range.spellings(key.type(), range.least()).toArray(String[]::new));
        assertThat(told).containsAnyOf(Range.spellings(key.type(), range.most()).toArray(String[]::new));
    }

    static Stream<Arguments> words() {
        return SETTINGS.stream()
                .flatMap(settings -> settings.keys().stream()
                        .filter(key -> key.type().isEnum() || key.type() == boolean.class)
                        .map(key -> Arguments.of(settings.type(), key)));
    }

    @ParameterizedTest
    @MethodSource("words")
    void another_word_than_those_of_the_key_stops_the_start(Class<?> type, Key key) {
        String told = start(type, key.path(), "perhaps");
        assertThat(told)
                .contains(placed(key.path()).substring(placed(key.path()).lastIndexOf('.') + 1));
        assertThat(told).contains("perhaps");
        if (key.type().isEnum()) {
            Enum<?> first = (Enum<?>) key.type().getEnumConstants()[0];
            assertThat(told).containsAnyOf(first.name(), first.toString());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CodecSettings | shunt.temporal.codecs | gzip | zlib and aes-gcm",
                "CodecSettings | shunt.temporal.codecs | aes-gcm | shunt.temporal.codec-key",
                "TemporalAccess | shunt.temporal.tls.ca | /no/such/file | shunt.temporal.tls.ca must be a file",
                "TemporalAccess | shunt.temporal.tls.key | /no/such/file | must be set together",
                "TemporalAccess | shunt.temporal.tls.server-name | host:1 | must be a host name",
                "TemporalAccess | shunt.temporal.api-key | two words | was ***",
                "ApiSettings | shunt.api.token | fifteen-letters | 16",
                "WebhookSettings | shunt.rollout.webhook.url | ftp://x | http",
                "WebhookSettings | shunt.rollout.webhook.url | http://x | shunt.rollout.webhook.secret must be set",
                "WebhookSettings | shunt.rollout.webhook.secret | fifteen-letters | 16",
                "InFlightSettings | shunt.rollout.in-flight | perhaps | recall",
                "OldWorkerSettings | shunt.legacy.consumer | external | shunt.legacy.queue must name",
                "OldWorkerSettings | shunt.legacy.workload | ' ' | must name a workload",
                "TemporalSettings | shunt.temporal.namespace | ' ' | must not be empty",
                "TemporalSettings | shunt.temporal.address | ' ' | must be host:port",
                "RedisSettings | shunt.redis.url | ' ' | redis://",
                "ExternalTraceSettings | shunt.external.trace.levels.WARN | LOUD | DEBUG",
                "WorkloadSettings | shunt.workloads.trace.queue | ' ' | must be set",
                "RolloutSettings | shunt.rollout.plans.trace.in-flight-on-rollback | perhaps | recall",
                "RolloutSettings | shunt.rollout.plans.trace.phases[0].name | a b | must match",
                "RolloutSettings | shunt.rollout.plans.trace.phases[0].gates[0].name | guess | tail",
                "RolloutSettings | shunt.rollout.plans.trace.gates[0].query.expression | ' ' | must not be empty",
                "RolloutSettings | shunt.rollout.plans.trace.gates[0].query.url | ftp://x | must begin with http",
                "RolloutSettings | shunt.rollout.plans.trace.phases[0].gates[0].mode | '' | must have a name and a mode",
                "RolloutSettings | shunt.rollout.plans.trace.phases[0].gates[0].limit | 7 | errors",
            })
    void a_text_that_cannot_be_meant_stops_the_start(String type, String key, String value, String expected) {
        Class<?> settings = SETTINGS.stream()
                .<Class<?>>map(SettingsRecord::type)
                .filter(one -> one.getSimpleName().equals(type))
                .findFirst()
                .orElseThrow();
        String told = start(settings, key, value);
        assertThat(told).contains("shunt.").contains(expected);
    }

    /** What an operator reads who starts with this one key wrong. */
    private static String start(Class<?> type, String path, String value) {
        Map<String, String> properties = new HashMap<>(BESIDE.getOrDefault(type.getSimpleName(), Map.of()));
        properties.keySet().removeIf(beside -> path.contains(".plans.") && irrelevant(path, beside));
        if (path.contains("query.")) {
            properties.putAll(query(path));
        }
        properties.put(placed(path), value);
        try {
            Object bound = new Binder(new MapConfigurationPropertySource(properties))
                    .bindOrCreate(placed(Settings.prefix(type)), Bindable.of(type));
            readPlans(bound);
        } catch (RuntimeException refused) {
            return StartFailures.told(refused);
        }
        return fail(placed(path) + "=" + value + " was accepted");
    }

    /** What is not asked for stays away: no phase without its percentage, no gate but the one that is wrong. */
    private static boolean irrelevant(String path, String beside) {
        boolean inPhase = path.contains("phases[");
        return beside.contains(".percentage")
                ? !inPhase
                : !inPhase || !path.contains("].gates[") || path.contains("query.");
    }

    private static Map<String, String> query(String path) {
        String gate = placed(path).replaceAll("query\\..*", "");
        Map<String, String> whole = new HashMap<>();
        whole.put(gate + "name", "custom:x");
        whole.put(gate + "mode", "hold");
        whole.put(gate + "query.kind", "promql");
        whole.put(gate + "query.url", "http://prometheus:9090");
        whole.put(gate + "query.expression", "up");
        whole.put(gate + "query.good", "at-most");
        whole.put(gate + "query.limit", "1");
        whole.put(gate + "query.timeout", "1s");
        return whole;
    }

    private static void readPlans(Object bound) {
        try {
            for (Method method : bound.getClass().getDeclaredMethods()) {
                if (method.getName().equals("readPlans")) {
                    method.setAccessible(true);
                    method.invoke(bound, InFlightPolicy.FINISH, dev.shunt.rollout.Plan.USUAL_GATES);
                }
            }
        } catch (InvocationTargetException refused) {
            throw (RuntimeException) refused.getCause();
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String placed(String path) {
        return path.replace("<workload>", "trace").replace("[n]", "[0]");
    }

    /** Keys inside a plan are named from the plan on, its phases and gates by their place. */
    private static String named(String path) {
        return path.startsWith("shunt.rollout.plans.") ? path.substring(path.lastIndexOf('.') + 1) : path;
    }

    private static String[] asWritten(Class<?> type, String value) {
        if (type == java.time.Duration.class || type == org.springframework.util.unit.DataSize.class) {
            Set<String> ways = new java.util.HashSet<>(Range.spellings(type, value));
            ways.add(value.replaceAll("[A-Za-z]+$", ""));
            return ways.toArray(String[]::new);
        }
        return new String[] {"was " + value, "was " + Double.parseDouble(value), "was " + plain(value)};
    }

    private static String plain(String value) {
        return new java.math.BigDecimal(value).stripTrailingZeros().toPlainString();
    }
}
