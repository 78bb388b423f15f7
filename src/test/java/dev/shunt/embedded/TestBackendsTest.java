package dev.shunt.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.temporal.api.enums.v1.NamespaceState;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class TestBackendsTest {

    @Test
    void each_migrated_database_is_a_new_one() throws SQLException {
        DataSource one = TestBackends.migratedDatabase();
        DataSource other = TestBackends.migratedDatabase();
        execute(one, "insert into project (id) values ('p')");
        assertThat(number(one, "select count(*) from project")).isOne();
        assertThat(number(other, "select count(*) from project")).isZero();
    }

    @Test
    void a_row_survives_kill_9_of_postgres() throws SQLException {
        try (DedicatedPostgres postgres = TestBackends.dedicatedPostgres()) {
            DataSource source = TestBackends.dataSource(postgres.jdbcUrl());
            execute(source, "create table t as select 7 as n");
            postgres.kill9();
            postgres.start();
            assertThat(number(TestBackends.dataSource(postgres.jdbcUrl()), "select n from t"))
                    .isEqualTo(7);
        }
    }

    @Test
    void a_key_survives_kill_9_of_redis() {
        try (RedisServerHandle redis = TestBackends.dedicatedRedis()) {
            RedisClient client = RedisClient.create(redis.url());
            client.connect().sync().set("k", "v");
            redis.kill9();
            redis.start();
            assertThat(client.connect().sync().get("k")).isEqualTo("v");
            client.shutdown();
        }
    }

    @Test
    void each_redis_url_is_another_database() {
        assertThat(TestBackends.freshRedisUrl()).isNotEqualTo(TestBackends.freshRedisUrl());
    }

    @Test
    void temporal_answers_and_knows_the_default_namespace() {
        WorkflowServiceStubs stubs = WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                .setTarget(TestBackends.temporalAddress())
                .build());
        assertThat(stubs.blockingStub()
                        .describeNamespace(DescribeNamespaceRequest.newBuilder()
                                .setNamespace("default")
                                .build())
                        .getNamespaceInfo()
                        .getState())
                .isEqualTo(NamespaceState.NAMESPACE_STATE_REGISTERED);
        stubs.shutdownNow();
    }

    @Test
    void a_fresh_url_carries_user_and_password() throws SQLException {
        try (Connection connection = DriverManager.getConnection(TestBackends.freshJdbcUrl())) {
            assertThat(connection.isValid(1)).isTrue();
        }
    }

    private static void execute(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long number(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }
}
