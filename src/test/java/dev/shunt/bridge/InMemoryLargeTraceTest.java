package dev.shunt.bridge;

import dev.shunt.embedded.TemporalServerHandle;
import dev.shunt.embedded.TestBackends;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIf;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** On the server in memory, where {@link LargeTraceTest} is on the development server. */
@Tag("slow")
@EnabledIf("thereAreTwoServers")
class InMemoryLargeTraceTest extends LargeTraceSuite {

    @DynamicPropertySource
    static void backends(DynamicPropertyRegistry registry) {
        Backends.register(
                registry,
                TestBackends.freshJdbcUrl(),
                TemporalServerHandle.inMemory().address());
        registry.add("shunt.data", () -> "target/large-inmemory");
        registry.add("shunt.temporal.in-memory", () -> true);
    }

    static boolean thereAreTwoServers() {
        return TemporalServerHandle.canRunDevServer();
    }
}
