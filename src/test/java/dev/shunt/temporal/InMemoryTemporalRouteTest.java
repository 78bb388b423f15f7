package dev.shunt.temporal;

import dev.shunt.embedded.TemporalServerHandle;

class InMemoryTemporalRouteTest extends TemporalRouteTest {

    @Override
    TemporalServerHandle startServer() {
        return TemporalServerHandle.inMemory();
    }
}
