package dev.shunt.embedded.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.embedded.TestBackends;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class PlantedFaultsTest {

    private final DataSource database = TestBackends.migratedDatabase();

    @Test
    void only_the_temporal_lane_rounds_costs() throws SQLException {
        plant(Set.of(Fault.COST_ROUNDED), true);
        assertThat(storedBy("shunt-lane-temporal", "a")).isEqualByComparingTo("0.1235");
        assertThat(storedBy("shunt-lane-legacy", "b")).isEqualByComparingTo("0.12345678");
    }

    @Test
    void it_goes_at_the_next_start_without_it() throws SQLException {
        plant(Set.of(Fault.COST_ROUNDED), true);
        plant(Set.of(), true);
        assertThat(storedBy("shunt-lane-temporal", "a")).isEqualByComparingTo("0.12345678");
    }

    @Test
    void a_database_that_is_not_ours_is_never_touched() throws SQLException {
        plant(Set.of(Fault.COST_ROUNDED), false);
        assertThat(storedBy("shunt-lane-temporal", "a")).isEqualByComparingTo("0.12345678");
    }

    @Test
    void the_profile_is_refused_with_an_external_backend() {
        MockEnvironment environment = embedded().withProperty("shunt.backends.redis", "external");
        environment.setActiveProfiles("demo-faults");
        assertThatThrownBy(() -> new FaultsConfiguration().plantedFaults(database, environment))
                .isInstanceOf(PlantedFaults.Refused.class)
                .hasMessageContaining("embedded backends only; redis is external");
    }

    @Test
    void faults_without_the_profile_are_refused() {
        MockEnvironment environment = embedded().withProperty("shunt.faults", "cost-rounded");
        assertThatThrownBy(() -> new FaultsConfiguration().plantedFaults(database, environment))
                .isInstanceOf(PlantedFaults.Refused.class)
                .hasMessageContaining("takes the profile demo-faults");
    }

    @Test
    void a_fault_is_named_as_in_the_configuration() throws SQLException {
        MockEnvironment environment = embedded().withProperty("shunt.faults", "cost-rounded");
        environment.setActiveProfiles("demo-faults");
        PlantedFaults planted = new FaultsConfiguration().plantedFaults(database, environment);
        planted.afterPropertiesSet();
        planted.destroy();
        assertThat(storedBy("shunt-lane-temporal", "a")).isEqualByComparingTo("0.1235");
    }

    @Test
    void a_shadow_schema_gets_it_too_when_it_is_made() throws SQLException {
        PlantedFaults planted = new PlantedFaults(database, Set.of(Fault.COST_ROUNDED), 0, true);
        planted.afterPropertiesSet();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create schema shunt_shadow");
            for (String table : Set.of("trace", "span", "session", "tracked_user", "daily_cost_summary", "ledger")) {
                statement.execute("create table shunt_shadow." + table + " (like public." + table + ")");
            }
            planted.look();
            planted.look();
            statement.execute("set application_name = 'shunt-lane-shadow-temporal'");
            statement.execute("insert into shunt_shadow.span (project_id, trace_id, id, name, start_time, level,"
                    + " price_state, total_cost, summarised, item_key, client_digest, stored_at) values"
                    + " ('p', 't', 's', 'n', now(), 'DEFAULT', 'PRICED', 0.12345678, true, 'k', 1, now())");
            try (ResultSet stored = statement.executeQuery("select total_cost from shunt_shadow.span")) {
                stored.next();
                assertThat(stored.getBigDecimal(1)).isEqualByComparingTo("0.1235");
            }
        } finally {
            planted.destroy();
        }
        plant(Set.of(), true);
        try (Connection connection = database.getConnection()) {
            assertThat(Planting.isReady(connection, "shunt_shadow")).isTrue();
        }
    }

    private static MockEnvironment embedded() {
        return new MockEnvironment()
                .withProperty("shunt.backends.postgres", "embedded 18.6 in ./data/postgres, 127.0.0.1:5432")
                .withProperty("shunt.backends.redis", "embedded 7.0.15 in ./data/redis, 127.0.0.1:6379")
                .withProperty("shunt.backends.temporal", "embedded in-memory server of the SDK, 127.0.0.1:7233");
    }

    private void plant(Set<Fault> faults, boolean ours) throws SQLException {
        PlantedFaults planted = new PlantedFaults(database, faults, 0, ours);
        planted.afterPropertiesSet();
        planted.destroy();
    }

    private BigDecimal storedBy(String lane, String span) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("set application_name = '" + lane + "'");
            statement.execute("insert into project values ('p') on conflict do nothing");
            statement.execute("insert into trace (project_id, id, name, occurred_at, item_key)"
                    + " values ('p', 't', 'n', now(), 'k') on conflict do nothing");
            statement.execute("insert into span (project_id, trace_id, id, name, start_time, level, price_state,"
                    + " total_cost, summarised, item_key, client_digest) values ('p', 't', '" + span
                    + "', 'n', now(), 'DEFAULT', 'PRICED', 0.12345678, true, 'k', 1)");
            try (ResultSet stored = statement.executeQuery("select total_cost from span where id = '" + span + "'")) {
                stored.next();
                return stored.getBigDecimal(1);
            }
        }
    }
}
