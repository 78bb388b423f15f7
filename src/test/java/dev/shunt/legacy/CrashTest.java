package dev.shunt.legacy;

import static dev.shunt.legacy.TinyWorkload.KEYS;
import static dev.shunt.legacy.TinyWorkload.TINY;
import static dev.shunt.legacy.TinyWorkload.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.embedded.TestBackends;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Consumers that are processes of their own, and die. */
class CrashTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final String url = TestBackends.freshRedisUrl();
    private final Bench bench = new Bench(url);
    private final List<Process> children = new ArrayList<>();

    @AfterEach
    void close() {
        children.forEach(Process::destroyForcibly);
        bench.close();
    }

    @Test
    void what_a_killed_process_had_in_hand_is_handled_by_another_once_and_in_order() throws Exception {
        List<String> ids =
                new ArrayList<>(IntStream.range(0, 20).mapToObj(i -> "i" + i).toList());
        ids.add(10, "hang");
        bench.push(ids.toArray(String[]::new));
        Process child = spawn("child");
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(bench.list(DoomedConsumer.IN_HAND)).containsExactly("hang"));
        assertThat(bench.inFlight.census(TINY).processing()).isEqualTo(21);
        bench.push("later");
        child.destroyForcibly().waitFor();

        bench.start("survivor");
        ids.add("later");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(bench.handler.ids()).containsExactlyInAnyOrderElementsOf(ids));
        assertThat(bench.handler.ids())
                .filteredOn(id -> !id.equals("later"))
                .containsExactlyElementsOf(ids.subList(0, 21));
        assertThat(bench.handler.repeated()).isEmpty();
        await().untilAsserted(() -> {
            assertThat(bench.inFlight.census(TINY).book()).isEmpty();
            assertThat(bench.inFlight.census(TINY).processing()).isZero();
        });
    }

    @Test
    void a_message_that_kills_its_process_three_times_alone_is_a_dead_letter_and_nobody_else_is() throws Exception {
        bench.push("a", "b", "killer", "c");
        for (int death = 1; death <= 4; death++) { // the first is in a batch: nobody is blamed for that
            Process child = spawn("child" + death);
            await().atMost(LONG).until(() -> !child.isAlive());
            assertThat(child.exitValue()).as("killed by its message").isEqualTo(1);
        }
        bench.start("survivor");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(bench.deadLetters)
                        .singleElement()
                        .satisfies(letter -> {
                            assertThat(letter.key()).isEqualTo(key("killer"));
                            assertThat(letter.reason()).startsWith("KILLS_CONSUMER");
                        }));
        await().atMost(LONG).untilAsserted(() -> assertThat(storedAnywhere()).containsExactlyInAnyOrder("a", "b", "c"));
        assertThat(bench.list(KEYS.deadLetters())).hasSize(1);
        await().untilAsserted(
                        () -> assertThat(bench.inFlight.census(TINY).book()).isEmpty());
    }

    private List<String> storedAnywhere() {
        List<String> stored = new ArrayList<>(bench.list(DoomedConsumer.STORED));
        stored.addAll(bench.handler.ids());
        return stored;
    }

    private Process spawn(String instance) throws IOException {
        String java = ProcessHandle.current().info().command().orElse("java");
        Process child = new ProcessBuilder(
                        java,
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DoomedConsumer.class.getName(),
                        url,
                        instance)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        children.add(child);
        return child;
    }
}
