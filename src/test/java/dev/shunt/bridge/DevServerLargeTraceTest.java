package dev.shunt.bridge;

import dev.shunt.embedded.TemporalServerHandle;
import dev.shunt.embedded.TestBackends;
import org.junit.jupiter.api.condition.EnabledIf;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Runs where the {@code temporal} command line tool is on the PATH. */
@EnabledIf("devServer")
class DevServerLargeTraceTest extends LargeTraceTest {

    @DynamicPropertySource
    static void backends(DynamicPropertyRegistry registry) {
        Backends.register(registry, TestBackends.freshJdbcUrl(), address());
        registry.add("shunt.data", () -> "target/large-devserver");
        registry.add("shunt.temporal.in-memory", () -> false);
    }

    static boolean devServer() {
        return TemporalServerHandle.canRunDevServer();
    }

    private static String address() {
        return TemporalServerHandle.devServer().orElseThrow().address();
    }
}
