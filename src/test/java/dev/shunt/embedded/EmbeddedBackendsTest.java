package dev.shunt.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class EmbeddedBackendsTest {

    private static final String IN_MEMORY = "--shunt.embedded.temporal=in-memory";

    @Test
    void what_was_stored_survives_kill_9_of_the_application() throws Exception {
        Path data = TestFolder.fresh("kill");
        List<ProcessHandle> orphans;
        try (Probe first = Probe.launch(data).ready()) {
            execute(first, "create table t as select 7 as n");
            setKey(first, "k", "v");
            orphans = servers(data);
            first.kill9();
        }
        assertThat(orphans).isNotEmpty().allMatch(ProcessHandle::isAlive);

        try (Probe second = Probe.launch(data).ready()) {
            assertThat(orphans).noneMatch(EmbeddedBackendsTest::runs);
            assertThat(number(second, "select n from t")).isEqualTo(7);
            assertThat(key(second, "k")).isEqualTo("v");
            assertThat(second.output()).contains("left by an earlier run of Shunt");
            second.stop();
        }
        assertThat(servers(data)).noneMatch(EmbeddedBackendsTest::runs);
    }

    @Test
    void a_second_application_on_the_same_folder_is_refused_and_told_by_whom() throws Exception {
        Path data = TestFolder.fresh("twice");
        try (Probe first = Probe.launch(data, IN_MEMORY).ready();
                Probe second = Probe.launch(data, IN_MEMORY)) {
            assertThat(second.exit()).isNotZero();
            assertThat(second.output())
                    .contains("The data folder " + data + " is in use by another Shunt, process " + first.pid())
                    .doesNotContain("\tat ");
            assertThat(number(first, "select 1")).isOne();
        }
    }

    @Test
    void a_failed_start_ends_the_process_and_its_servers() throws Exception {
        Path data = TestFolder.fresh("fails");
        try (Probe probe = Probe.launch(data, IN_MEMORY, "--probe.fails=true")) {
            assertThat(probe.exit()).isNotZero();
        }
        assertThat(servers(data)).noneMatch(EmbeddedBackendsTest::runs);
    }

    @Test
    void asked_to_stop_while_it_starts_it_leaves_nothing_behind() throws Exception {
        Path data = TestFolder.fresh("early");
        try (Probe probe = Probe.launch(data, IN_MEMORY)) {
            await().atMost(Duration.ofSeconds(60)).until(() -> !servers(data).isEmpty());
            probe.stop();
        }
        assertThat(servers(data)).noneMatch(EmbeddedBackendsTest::runs);
    }

    @Test
    void an_external_address_is_never_overridden() throws Exception {
        try (Probe probe = Probe.launch(
                        TestFolder.fresh("external"),
                        "--spring.datasource.url=jdbc:postgresql://db/x",
                        "--shunt.redis.url=redis://queue",
                        "--shunt.temporal.address=temporal:7233")
                .ready()) {
            assertThat(probe.property("spring.datasource.url")).isEqualTo("jdbc:postgresql://db/x");
            assertThat(probe.property("shunt.redis.url")).isEqualTo("redis://queue");
            assertThat(probe.property("shunt.temporal.address")).isEqualTo("temporal:7233");
            assertThat(List.of("postgres", "redis", "temporal"))
                    .allMatch(backend ->
                            probe.property("shunt.backends." + backend).equals("external"));
        }
    }

    @Test
    void the_addresses_are_loopback_and_described_for_people() throws Exception {
        try (Probe probe =
                Probe.launch(TestFolder.fresh("described"), IN_MEMORY).ready()) {
            assertThat(probe.property("spring.datasource.url")).startsWith("jdbc:postgresql://127.0.0.1:");
            assertThat(probe.property("shunt.redis.url")).startsWith("redis://127.0.0.1:");
            assertThat(probe.property("shunt.temporal.address")).startsWith("127.0.0.1:");
            assertThat(probe.property("shunt.temporal.in-memory")).isEqualTo("true");
            assertThat(probe.property("shunt.backends.postgres")).startsWith("embedded 18");
            assertThat(probe.output()).contains("Not for production.").contains("forgets every workflow");
        }
    }

    @Test
    void settings_that_lose_data_stop_the_start() throws Exception {
        Path data = TestFolder.fresh("not-durable");
        String noTemporal = "--shunt.embedded.temporal=none";
        try (Probe first = Probe.launch(data, noTemporal).ready()) {
            execute(first, "alter system set fsync = off");
            first.stop();
        }
        try (Probe second = Probe.launch(data, noTemporal)) {
            assertThat(second.exit()).isNotZero();
            assertThat(second.output()).contains("fsync must be on, was off");
        }
        assertThat(servers(data)).noneMatch(EmbeddedBackendsTest::runs);
    }

    @Test
    void a_wrong_variable_of_the_old_system_stops_the_start_before_any_server_runs() throws Exception {
        Path data = TestFolder.fresh("wrong-variable");
        try (Probe probe = Probe.launch(data, "--POSTGRES_HOST=db:5432")) {
            assertThat(probe.exit()).isNotZero();
            assertThat(probe.output())
                    .contains("POSTGRES_HOST must be a host name without port or path, was db:5432")
                    .doesNotContain("\tat ");
        }
        assertThat(servers(data)).isEmpty();
    }

    @Test
    void a_build_without_servers_names_every_address_that_is_missing() throws Exception {
        Path data = TestFolder.fresh("slim");
        try (Probe probe = Probe.launchSlim(data, IN_MEMORY)) {
            assertThat(probe.exit()).isNotZero();
            assertThat(probe.output())
                    .contains("This build of Shunt brings no such server")
                    .contains("DATABASE_URL", "REDIS_URL", "TEMPORAL_ADDRESS")
                    .doesNotContain("\tat ", "ClassNotFound", "NoClassDefFound");
        }
        try (Probe probe = Probe.launchSlim(
                data, "--spring.datasource.url=jdbc:postgresql://db/x", "--shunt.temporal.address=temporal:7233")) {
            assertThat(probe.exit()).isNotZero();
            assertThat(probe.output()).contains("Set REDIS_URL to a Redis").doesNotContain("DATABASE_URL");
        }
    }

    @Test
    void a_build_without_servers_starts_on_addresses_of_others() throws Exception {
        try (Probe probe = Probe.launchSlim(
                        TestFolder.fresh("slim-external"),
                        "--spring.datasource.url=jdbc:postgresql://db/x",
                        "--shunt.redis.url=redis://queue",
                        "--shunt.temporal.address=temporal:7233")
                .ready()) {
            assertThat(probe.property("shunt.backends.postgres")).isEqualTo("external");
        }
    }

    private static List<ProcessHandle> servers(Path data) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .command()
                        .map(command -> !command.endsWith("java"))
                        .orElse(false))
                .filter(process -> process.info()
                        .commandLine()
                        .map(line -> line.contains(data.toString()))
                        .orElse(false))
                .toList();
    }

    private static boolean runs(ProcessHandle process) {
        return !OldChild.isGone(process, Duration.ofSeconds(2));
    }

    private static Connection connect(Probe probe) throws SQLException {
        return DriverManager.getConnection(
                probe.property("spring.datasource.url"),
                probe.property("spring.datasource.username"),
                probe.property("spring.datasource.password"));
    }

    private static void execute(Probe probe, String sql) throws SQLException {
        try (Connection connection = connect(probe);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long number(Probe probe, String sql) throws SQLException {
        try (Connection connection = connect(probe);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    private static void setKey(Probe probe, String key, String value) {
        RedisClient client = RedisClient.create(probe.property("shunt.redis.url"));
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            connection.sync().set(key, value);
        }
        client.shutdown();
    }

    private static String key(Probe probe, String key) {
        RedisClient client = RedisClient.create(probe.property("shunt.redis.url"));
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            return connection.sync().get(key);
        } finally {
            client.shutdown();
        }
    }
}
