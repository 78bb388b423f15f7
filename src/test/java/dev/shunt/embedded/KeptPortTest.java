package dev.shunt.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptPortTest {

    @TempDir
    private Path folder;

    @Test
    void a_port_stays_the_same_and_out_of_the_way_of_outgoing_connections() {
        int port = KeptPort.in(folder.resolve("port"));
        assertThat(port).isBetween(15_000, 32_000);
        assertThat(KeptPort.in(folder.resolve("port"))).isEqualTo(port);
    }

    @Test
    void a_port_that_is_let_go_soon_is_waited_for() throws IOException {
        int port = KeptPort.in(folder.resolve("port"));
        var taken = new ServerSocket();
        taken.bind(KeptPort.address(port));
        CompletableFuture<Integer> asked = CompletableFuture.supplyAsync(() -> KeptPort.in(folder.resolve("port")));
        assertThat(asked).isNotDone();
        taken.close();
        assertThat(asked.join()).isEqualTo(port);
    }

    @Test
    void a_port_that_another_keeps_is_given_up_for_a_new_one() throws IOException {
        int port = KeptPort.in(folder.resolve("port"));
        try (var taken = new ServerSocket()) {
            taken.bind(KeptPort.address(port));
            int other = KeptPort.in(folder.resolve("port"));
            assertThat(other).isNotEqualTo(port);
        }
        assertThat(KeptPort.in(folder.resolve("port"))).isNotEqualTo(port);
    }
}
