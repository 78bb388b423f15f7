package dev.shunt.deployment;

/** With local activities, as by default. */
class LocalLiveSeriesTest extends LiveSeriesSuite {

    @Override
    String stepsOfTheOtherMode() {
        return "temporal_activity_";
    }
}
