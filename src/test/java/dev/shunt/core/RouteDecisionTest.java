package dev.shunt.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RouteDecisionTest {

    private static final Bucket BUCKET = new Bucket(500);
    private static final Percentage TEN = new Percentage(1_000);
    private static final Epoch EPOCH = new Epoch(7);

    @ParameterizedTest
    @EnumSource(names = {"FALLBACK", "CAPPED", "FENCED", "RECALL", "STANDBY"})
    void a_replay_that_goes_to_legacy_after_all_stays_a_replay(Reason why) {
        RouteDecision replay =
                RouteDecision.byFlag(BUCKET, TEN, EPOCH).asReplay().divertedToLegacy(why);
        assertThat(replay.reason()).isEqualTo(Reason.REPLAY);
        assertThat(replay.decided()).isEqualTo(Route.TEMPORAL);
        assertThat(replay.executed()).isEqualTo(Route.LEGACY);
    }

    @ParameterizedTest
    @EnumSource(names = {"LEASE", "HELD"})
    void what_kept_its_moment_from_temporal_does_not_hide_that_it_is_a_replay(Reason why) {
        RouteDecision kept = RouteDecision.byFlag(BUCKET, TEN, EPOCH).divertedToLegacy(why);
        assertThat(kept.asReplay().reason()).isEqualTo(Reason.REPLAY);
        assertThat(kept.asReplay().executed()).isEqualTo(Route.LEGACY);
    }

    @ParameterizedTest
    @EnumSource
    void a_pinned_item_stays_pinned_whatever_happens_to_it(Reason why) {
        RouteDecision pinned = RouteDecision.pinned(Route.LEGACY, Route.TEMPORAL, BUCKET, TEN, EPOCH);
        assertThat(pinned.divertedToLegacy(why).asReplay().reason()).isEqualTo(Reason.PINNED);
        assertThat(pinned.asReplay().divertedToLegacy(why).reason()).isEqualTo(Reason.PINNED);
    }
}
