package dev.shunt.deployment;

import org.junit.jupiter.api.Tag;

/** With local activities, as by default. */
@Tag("slow")
class LocalLiveSeriesTest extends LiveSeriesSuite {

    @Override
    String stepsOfTheOtherMode() {
        return "temporal_activity_";
    }
}
