package dev.shunt.deployment;

import org.junit.jupiter.api.Tag;

/** With local activities, as by default. */
@Tag("slow")
class LocalLiveSeriesTest extends LiveSeriesSuite {

    @Override
    boolean isOfTheOtherMode(String series) {
        return series.startsWith("temporal_activity_");
    }
}
