package dev.shunt.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OldVariablesTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            DATABASE_URL=postgres://u:p@db:6432/x?sslmode=require | spring.datasource.password=p,spring.datasource.url=jdbc:postgresql://db:6432/x?sslmode=require,spring.datasource.username=u
            DATABASE_URL=postgresql://db/x                        | spring.datasource.url=jdbc:postgresql://db:5432/x
            DATABASE_URL=postgres://u%40v:p%2F%3A@db/x            | spring.datasource.password=p/:,spring.datasource.url=jdbc:postgresql://db:5432/x,spring.datasource.username=u@v
            DATABASE_URL=postgres://[::1]:5432/x                  | spring.datasource.url=jdbc:postgresql://[::1]:5432/x
            DATABASE_URL=postgres://db/x?schema=s                 | spring.datasource.url=jdbc:postgresql://db:5432/x?currentSchema=s
            DATABASE_URL=jdbc:postgresql://db:1/x?user=u          | spring.datasource.url=jdbc:postgresql://db:1/x?user=u
            POSTGRES_HOST=db                                      | spring.datasource.url=jdbc:postgresql://db:5432/postgres,spring.datasource.username=postgres
            POSTGRES_MAX_CONNS=30                                 | spring.datasource.hikari.maximum-pool-size=30
            POSTGRES_MIN_CONNS=3                                  | spring.datasource.hikari.minimum-idle=3
            REDIS_URL=redis://:p@r:6380/2                         | shunt.redis.url=redis://:p@r:6380/2
            REDIS_URL=rediss://r                                  | shunt.redis.url=rediss://r
            REDIS_URL=redis-sentinel://a:1,b:2/0#m                | shunt.redis.url=redis-sentinel://a:1,b:2/0#m
            TEMPORAL_ADDRESS=t:7233                               | shunt.temporal.address=t:7233
            TEMPORAL_HOST_PORT=t:7234                             | shunt.temporal.address=t:7234
            TEMPORAL_NAMESPACE=n                                  | shunt.temporal.namespace=n
            TEMPORAL_TASK_QUEUE=q                                 | shunt.workloads.trace.task-queue=q
            TEMPORAL_TLS=true                                     | shunt.temporal.tls.enabled=true
            TEMPORAL_TLS_SERVER_CA_CERT_PATH=/c/ca.pem            | shunt.temporal.tls.ca=/c/ca.pem
            TEMPORAL_TLS_CLIENT_CERT_PATH=/c/me.pem               | shunt.temporal.tls.certificate=/c/me.pem
            TEMPORAL_TLS_CLIENT_KEY_PATH=/c/me.key                | shunt.temporal.tls.key=/c/me.key
            TEMPORAL_TLS_SERVER_NAME=t.example                    | shunt.temporal.tls.server-name=t.example
            TEMPORAL_API_KEY=k                                    | shunt.temporal.api-key=k
            MAX_CONCURRENT_WORKFLOWS=7                            | shunt.temporal.max-concurrent-workflow-tasks=7
            MAX_CONCURRENT_ACTIVITIES=8                           | shunt.temporal.max-concurrent-activities=8
            HEALTH_PORT=8081                                      | shunt.probes.port=8081
            HEALTH_PORT=0                                         | shunt.probes.port=0
            METRICS_PORT=9093                                     | shunt.probes.metrics-port=9093
            LOG_LEVEL=WARNING                                     | logging.level.root=warn
            LOG_LEVEL=Debug                                       | logging.level.root=debug
            USE_TEMPORAL_WORKFLOWS=False                          | shunt.use-temporal-workflows=false
            """)
    void each_name_is_understood(String variable, String settings) {
        String found = new TreeMap<>(OldVariables.settings(variables(variable)))
                .entrySet().stream().map(Object::toString).collect(Collectors.joining(","));
        assertThat(found).isEqualTo(settings);
    }

    @Test
    void the_parts_of_a_postgres_address_come_together() {
        assertThat(OldVariables.settings(variables(
                        "POSTGRES_HOST=db",
                        "POSTGRES_PORT=6543",
                        "POSTGRES_USER=u",
                        "POSTGRES_PASSWORD=p w",
                        "POSTGRES_DB=d",
                        "POSTGRES_SSLMODE=verify-full")))
                .isEqualTo(Map.of(
                        "spring.datasource.url", "jdbc:postgresql://db:6543/d?sslmode=verify-full",
                        "spring.datasource.username", "u",
                        "spring.datasource.password", "p w"));
    }

    @Test
    void an_empty_variable_counts_as_not_set() {
        assertThat(OldVariables.settings(variables("REDIS_URL=", "HEALTH_PORT= ")))
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            DATABASE_URL=mysql://u:secret@db/x        | DATABASE_URL must be postgres://user:password@host:port/database?sslmode=... or jdbc:postgresql://host:port/database, was mysql://u:***@db/x
            DATABASE_URL=postgres://db                | was postgres://db
            DATABASE_URL=postgres://u:a b@db/x        | was postgres://u:***@db/x
            DATABASE_URL=postgres://u:s@db/x?sslmode=on | sslmode one of disable, allow, prefer, require, verify-ca, verify-full, was postgres://u:***@db/x?sslmode=on
            DATABASE_URL=postgres://db/x?foo=1        | without foo, which Shunt does not know
            POSTGRES_HOST=db:5432                     | POSTGRES_HOST must be a host name without port or path, was db:5432
            POSTGRES_USER=u                           | POSTGRES_HOST must be the name of the Postgres server, because POSTGRES_USER is set, was empty
            POSTGRES_HOST=h;POSTGRES_PORT=x           | POSTGRES_PORT must be a whole number 1..65535, was x
            POSTGRES_HOST=h;POSTGRES_SSLMODE=yes      | POSTGRES_SSLMODE must be one of disable, allow, prefer, require, verify-ca, verify-full, was yes
            POSTGRES_HOST=h;DATABASE_URL=postgres://db/x | DATABASE_URL and POSTGRES_HOST must be set one without the other
            POSTGRES_MAX_CONNS=0                      | POSTGRES_MAX_CONNS must be a whole number 1..10000, was 0
            POSTGRES_MIN_CONNS=-1                     | POSTGRES_MIN_CONNS must be a whole number 0..10000, was -1
            POSTGRES_MAX_CONNS=5;POSTGRES_MIN_CONNS=6 | POSTGRES_MIN_CONNS must be at most POSTGRES_MAX_CONNS (5), was 6
            REDIS_URL=localhost:6379                  | REDIS_URL must be redis://host:port/database
            REDIS_URL=http://:secret@r                | was http://:***@r
            TEMPORAL_ADDRESS=http://t:7233            | TEMPORAL_ADDRESS must be host:port, for example temporal:7233, was http://t:7233
            TEMPORAL_ADDRESS=t                        | was t
            TEMPORAL_HOST_PORT=t:99999                | TEMPORAL_HOST_PORT must be host:port
            TEMPORAL_TLS=on                           | TEMPORAL_TLS must be one of true, false, was on
            MAX_CONCURRENT_WORKFLOWS=1                | MAX_CONCURRENT_WORKFLOWS must be a whole number 2..10000, was 1
            MAX_CONCURRENT_ACTIVITIES=many            | MAX_CONCURRENT_ACTIVITIES must be a whole number 1..10000, was many
            HEALTH_PORT=70000                         | HEALTH_PORT must be a whole number 0..65535, was 70000
            METRICS_PORT=x                            | METRICS_PORT must be a whole number 0..65535, was x
            LOG_LEVEL=loud                            | LOG_LEVEL must be one of trace, debug, info, warn, warning, error, fatal, off, was loud
            USE_TEMPORAL_WORKFLOWS=yes                | USE_TEMPORAL_WORKFLOWS must be one of true, false, was yes
            """)
    void a_wrong_value_is_refused_by_name_value_and_form(String set, String message) {
        assertThatThrownBy(() -> OldVariables.settings(variables(set.split(";"))))
                .isInstanceOf(WrongSettingException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("secret");
    }

    private static Variables variables(String... set) {
        Map<String, String> values = Stream.of(set)
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        return new Variables(values::get);
    }
}
