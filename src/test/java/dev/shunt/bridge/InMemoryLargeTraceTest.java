package dev.shunt.bridge;

import dev.shunt.embedded.TemporalServerHandle;
import dev.shunt.embedded.TestBackends;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

class InMemoryLargeTraceTest extends LargeTraceTest {

    @DynamicPropertySource
    static void backends(DynamicPropertyRegistry registry) {
        Backends.register(registry, TestBackends.freshJdbcUrl(), address());
        registry.add("shunt.data", () -> "target/large-inmemory");
        registry.add("shunt.temporal.in-memory", () -> true);
    }

    private static String address() {
        return TemporalServerHandle.inMemory().address();
    }
}
