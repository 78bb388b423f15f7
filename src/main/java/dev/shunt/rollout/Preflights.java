package dev.shunt.rollout;

import dev.shunt.core.Preflight;
import dev.shunt.core.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at everything that must hold before a rollout's first item. */
public final class Preflights {

    private static final Logger log = LoggerFactory.getLogger(Preflights.class);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final List<Preflight> checks;

    Preflights(List<Preflight> checks) {
        this.checks = List.copyOf(checks);
    }

    /** What a line says. */
    public enum Result {
        PASS,
        /** Its words say what to do. */
        FAIL,
        /** It could not be found out. */
        UNKNOWN
    }

    /**
     * One line of the answer.
     *
     * @param subject what was looked at
     * @param words what was seen, or what to do
     */
    public record Line(String subject, Result result, String words) {}

    /** All checks, at the same time; takes 15 s at most. Never fails: what goes wrong is a line. */
    public List<Line> run(Workload workload) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name("shunt-preflight-", 0).factory());
        try {
            List<Future<Line>> running = checks.stream()
                    .map(check -> threads.submit(() -> line(check, check.check(workload))))
                    .toList();
            var lines = new ArrayList<Line>();
            for (int i = 0; i < running.size(); i++) {
                lines.add(line(checks.get(i), running.get(i), end - System.nanoTime()));
            }
            return lines;
        } finally {
            threads.shutdownNow();
        }
    }

    private static Line line(Preflight check, Future<Line> running, long nanos) {
        try {
            return running.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            return new Line(check.subject(), Result.UNKNOWN, "not found out within " + PATIENCE.toSeconds() + " s");
        } catch (ExecutionException fault) {
            log.warn("The preflight '{}' failed; its line says so.", check.subject(), fault);
            return new Line(check.subject(), Result.UNKNOWN, "the check failed: " + fault.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return new Line(check.subject(), Result.UNKNOWN, "interrupted");
        }
    }

    private static Line line(Preflight check, Preflight.Finding finding) {
        return switch (finding) {
            case Preflight.Finding.Pass pass -> new Line(check.subject(), Result.PASS, pass.seen());
            case Preflight.Finding.Refused refused -> new Line(check.subject(), Result.FAIL, refused.whatToDo());
            case Preflight.Finding.Unknown unknown -> new Line(check.subject(), Result.UNKNOWN, unknown.why());
        };
    }
}
