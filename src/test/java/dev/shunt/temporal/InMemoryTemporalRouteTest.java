package dev.shunt.temporal;

import dev.shunt.embedded.TemporalServerHandle;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIf;

/** On the server in memory, where {@link TemporalRouteTest} is on the development server. */
@Tag("slow")
@EnabledIf("thereAreTwoServers")
class InMemoryTemporalRouteTest extends TemporalRouteTest {

    @Override
    String server() {
        return TemporalServerHandle.inMemory().address();
    }

    static boolean thereAreTwoServers() {
        return TemporalServerHandle.canRunDevServer();
    }
}
