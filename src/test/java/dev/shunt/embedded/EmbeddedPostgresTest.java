package dev.shunt.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EmbeddedPostgresTest {

    /** As root there are three ways, and which one a machine allows cannot be foreseen. */
    static List<Unprivileged> ways() {
        return List.of(
                new Unprivileged(List.of("unshare", "-U"), null),
                new Unprivileged(
                        List.of("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"),
                        "nobody:nogroup"),
                new Unprivileged(List.of("runuser", "-u", "nobody", "--"), "nobody:nogroup"));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void root_can_start_it_as_somebody_else(Unprivileged way) {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root has to");
        assumeTrue(Command.run(way.prefix(), Duration.ofSeconds(5), "id", "-u").succeeded(), "not possible here");
        try (EmbeddedPostgres postgres = start(TestFolder.fresh("as-somebody"), way)) {
            assertThat(postgres.postmaster()).isPresent();
        }
    }

    @Test
    void its_port_stays_the_same_unless_somebody_takes_it() throws IOException {
        Path folder = TestFolder.fresh("port");
        int first;
        try (EmbeddedPostgres postgres = start(folder, Unprivileged.find())) {
            first = postgres.port();
        }
        try (EmbeddedPostgres postgres = start(folder, Unprivileged.find())) {
            assertThat(postgres.port()).isEqualTo(first);
        }
        try (ServerSocket stranger = new ServerSocket()) {
            stranger.bind(new InetSocketAddress("127.0.0.1", first));
            try (EmbeddedPostgres postgres = start(folder, Unprivileged.find())) {
                assertThat(postgres.port()).isNotEqualTo(first);
            }
        }
    }

    @Test
    void data_of_another_major_version_is_refused() throws IOException {
        Path folder = TestFolder.fresh("major");
        start(folder, Unprivileged.find()).close();
        Files.writeString(folder.resolve("data/PG_VERSION"), "17\n");
        assertThatThrownBy(() -> start(folder, Unprivileged.find()))
                .isInstanceOf(BackendException.class)
                .hasMessageContaining("was written by Postgres 17 and this build brings 18");
    }

    @Test
    void the_id_of_a_stranger_in_its_pid_file_is_left_alone() throws IOException {
        Path folder = TestFolder.fresh("stranger");
        start(folder, Unprivileged.find()).close();
        Process stranger = new ProcessBuilder("sleep", "600").start();
        try {
            Files.writeString(
                    folder.resolve("data/postmaster.pid"),
                    stranger.pid() + "\n" + folder.resolve("data") + "\n0\n5432\n\n127.0.0.1\n\nready\n");
            try (EmbeddedPostgres postgres = start(folder, Unprivileged.find())) {
                assertThat(postgres.postmaster()).isPresent();
            }
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroy();
        }
    }

    private static EmbeddedPostgres start(Path folder, Unprivileged user) {
        EmbeddedPostgres postgres = new EmbeddedPostgres(folder, TestFolder.binaries(), 20, user);
        postgres.start();
        return postgres;
    }
}
