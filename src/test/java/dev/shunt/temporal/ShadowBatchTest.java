package dev.shunt.temporal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.ShadowRoute.Ended;
import dev.shunt.temporal.ShadowBatch.Begun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShadowBatchTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(20);

    private final List<Integer> calledOff = new ArrayList<>();
    private final List<Integer> begun = new ArrayList<>();
    private final List<CompletableFuture<Ended>> hung = new ArrayList<>();
    private boolean untilTheLastBegins;

    @Test
    void what_hangs_makes_nothing_behind_it_late() {
        var hanging = Set.of(0, 1, 7);
        untilTheLastBegins = true;
        long from = System.nanoTime();

        List<Ended> ends = run(new ShadowBatch(2, SHORT, SHORT), LONG, hanging);

        assertThat(Duration.ofNanos(System.nanoTime() - from))
                .as("all have begun before the time was over")
                .isLessThan(LONG);
        assertThat(calledOff).isEmpty();
        for (int i = 0; i < ends.size(); i++) {
            assertThat(ends.get(i))
                    .as("run " + i)
                    .isInstanceOf(hanging.contains(i) ? Ended.Failed.class : Ended.Done.class);
        }
    }

    @Test
    void one_that_hangs_leaves_the_other_place_to_the_rest() {
        List<Ended> ends = run(new ShadowBatch(2, LONG, SHORT), Duration.ofMillis(500), Set.of(0));

        assertThat(ends.subList(1, ends.size())).allMatch(Ended.Done.class::isInstance);
        assertThat(ends.getFirst()).isInstanceOf(Ended.Late.class);
    }

    @Test
    void what_ended_has_its_result_though_the_time_is_over() {
        List<Ended> ends = run(new ShadowBatch(2, LONG, SHORT), Duration.ZERO, Set.of(0, 1));

        assertThat(begun).hasSize(10);
        assertThat(ends.subList(2, 10)).allMatch(Ended.Done.class::isInstance);
        assertThat(calledOff).containsExactly(0, 1);
    }

    private List<Ended> run(ShadowBatch batch, Duration within, Set<Integer> hanging) {
        return batch.run(IntStream.range(0, 10).boxed().toList(), within, run -> {
            begun.add(run);
            if (untilTheLastBegins && begun.size() == 10) {
                hung.forEach(end -> end.complete(new Ended.Failed("hung until the last began")));
            }
            return new Begun(
                    hanging.contains(run) ? hangs() : CompletableFuture.completedFuture(new Ended.Done()),
                    () -> calledOff.add(run));
        });
    }

    private CompletableFuture<Ended> hangs() {
        var end = new CompletableFuture<Ended>();
        hung.add(end);
        return end;
    }
}
