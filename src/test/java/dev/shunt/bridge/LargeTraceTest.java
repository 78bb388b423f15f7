package dev.shunt.bridge;

import dev.shunt.embedded.TestBackends;
import org.junit.jupiter.api.Tag;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** On the development server, where its tool is there. */
@Tag("slow")
class LargeTraceTest extends LargeTraceSuite {

    @DynamicPropertySource
    static void backends(DynamicPropertyRegistry registry) {
        Backends.register(registry, TestBackends.freshJdbcUrl(), TestBackends.temporalAddress());
        registry.add("shunt.data", () -> "target/large");
    }
}
