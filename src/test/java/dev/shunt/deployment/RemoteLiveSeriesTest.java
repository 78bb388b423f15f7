package dev.shunt.deployment;

import org.junit.jupiter.api.Tag;
import org.springframework.test.context.TestPropertySource;

/** With every step as an ordinary activity. */
@Tag("slow")
@TestPropertySource(properties = "shunt.trace.activities=remote")
class RemoteLiveSeriesTest extends LiveSeriesSuite {

    @Override
    String stepsOfTheOtherMode() {
        return "temporal_local_activity_";
    }
}
