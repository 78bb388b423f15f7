package dev.shunt.legacy;

import dev.shunt.core.ItemKey;
import dev.shunt.core.Retries;
import dev.shunt.core.Route;
import dev.shunt.core.Workload;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the consumers of this instance have in hand and try again. */
final class Waits implements Retries {

    private static final int KEYS_SHOWN = 100;

    private final List<Place> places = new CopyOnWriteArrayList<>();
    private final Clock clock;

    Waits(Clock clock) {
        this.clock = clock;
    }

    /** The place of one consumer, for as long as this process lives. */
    Place place(Workload workload) {
        var place = new Place(workload, clock);
        places.add(place);
        return place;
    }

    @Override
    public List<Retry> waiting(Workload workload) {
        return places.stream()
                .filter(place -> place.workload.equals(workload))
                .flatMap(Place::now)
                .toList();
    }

    /** One consumer waits for one thing at a time. */
    static final class Place {

        private final Workload workload;
        private final Clock clock;
        private volatile @Nullable Retry retry;

        private Place(Workload workload, Clock clock) {
            this.workload = workload;
            this.clock = clock;
        }

        void failed(String doing, List<ItemKey> keys, int tries, Duration pause, Throwable why) {
            Instant now = clock.instant();
            Retry before = retry;
            Instant since = before == null || before.since() == null ? now : before.since();
            retry = new Retry(
                    Route.LEGACY,
                    doing,
                    keys.stream().limit(KEYS_SHOWN).toList(),
                    keys.size(),
                    tries,
                    since,
                    now.plus(pause),
                    String.valueOf(why.getMessage()));
        }

        void over() {
            retry = null;
        }

        private Stream<Retry> now() {
            Retry current = retry;
            return current == null ? Stream.of() : Stream.of(current);
        }
    }
}
