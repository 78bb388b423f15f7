package dev.shunt.temporal;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shunt.embedded.TemporalServerHandle;
import java.util.Optional;

/** Runs where the {@code temporal} command line tool is on the PATH. */
class DevServerTemporalRouteTest extends TemporalRouteTest {

    @Override
    TemporalServerHandle startServer() {
        Optional<TemporalServerHandle> server = TemporalServerHandle.devServer();
        assumeTrue(server.isPresent(), "the temporal command line tool is not on the PATH");
        return server.orElseThrow();
    }
}
