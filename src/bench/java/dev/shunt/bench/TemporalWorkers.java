package dev.shunt.bench;

import dev.shunt.cli.ServiceProcess;
import dev.shunt.cli.Shunt;
import dev.shunt.core.Route;
import dev.shunt.core.WorkerSwitch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.core.env.Environment;

/** One, two and four service processes on one Temporal server; then one of them is killed, and one frozen, in mid-flow. */
final class TemporalWorkers {

    private static final int OPEN = 64;
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration FROZEN = Duration.ofSeconds(15); // longer than the step's 5 s and the task's 10 s

    private final App app;
    private final List<ServiceProcess> workers = new ArrayList<>();
    private final List<String> settings = new ArrayList<>();
    private final int items = Bench.size("worker-items", 300);
    private final List<String> faults = new ArrayList<>();
    private final Report report;
    private long accepted;

    private TemporalWorkers(App app, Map<String, String> common) throws Exception {
        this.app = app;
        Environment known = app.context.getEnvironment();
        for (String key : List.of(
                "spring.datasource.url",
                "shunt.redis.url",
                "shunt.temporal.address",
                "shunt.workloads.trace.task-queue")) {
            settings.add("--" + key + "=" + known.getRequiredProperty(key));
        }
        common.forEach((key, value) -> settings.add("--" + key + "=" + value));
        settings.add("--logging.level.root=warn");
        report = new Report(
                "3c-temporal-workers",
                "3c. Temporal route: service processes on one server, at most " + OPEN + " open",
                Servers.environmentWithRedis(),
                "processes",
                "items",
                "items/s",
                "seconds",
                "not on Temporal",
                "lost or twice");
    }

    static List<String> run(Map<String, String> common) throws Exception {
        Map<String, String> driver = new LinkedHashMap<>(common);
        driver.put("shunt.temporal.eager-start", "false"); // it starts workflows, and works on none
        try (var app = new App(driver)) {
            TemporalLoad.awaitReady(app);
            app.context.getBeansOfType(WorkerSwitch.class).values().stream()
                    .filter(one -> one.route() == Route.TEMPORAL)
                    .forEach(one -> one.pause(App.TRACE));
            var bench = new TemporalWorkers(app, common);
            try {
                bench.run();
            } finally {
                bench.workers.forEach(ServiceProcess::close);
            }
            return bench.faults;
        }
    }

    private void run() throws Exception {
        for (int count : new int[] {1, 2, 4}) {
            while (workers.size() < count) {
                start();
            }
            measure("warm-" + count, Integer.toString(count), items / 3, () -> {}, false);
            measure("n" + count, Integer.toString(count), items, () -> {}, true);
        }
        measure(
                "kill",
                "4, one killed in mid-flow",
                items,
                () -> workers.removeLast().kill9(),
                true);
        long frozen = workers.getLast().pid();
        measure(
                "freeze",
                "3, one frozen for " + FROZEN.toSeconds() + " s in mid-flow",
                items,
                () -> {
                    signal("STOP", frozen);
                    Thread.sleep(FROZEN.toMillis());
                    signal("CONT", frozen);
                },
                true);
        report.note(
                        "Separate processes; the one that starts the workflows works on none. The machine's cores, Temporal,"
                                + " Postgres and Redis are shared by all, so more processes cannot do more than the cores allow.")
                .note(
                        "A workflow task of a process that is gone is given to another when it times out (10 s). The frozen"
                                + " process wakes up with its steps past their timeouts, and finds them done.")
                .publish();
    }

    /** What happens when a third of the items is accepted. */
    private interface Mischief {
        void happen() throws Exception;
    }

    private void measure(String run, String processes, int count, Mischief mischief, boolean counts) throws Exception {
        var load = new TemporalLoad(app, run, count);
        accepted += count;
        Thread trouble = Thread.ofPlatform().daemon().start(() -> {
            App.await("a third is accepted", 300, () -> load.begun() >= count / 3);
            try {
                mischief.happen();
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        });
        double seconds = load.closed(OPEN);
        trouble.join();
        load.awaitDone(120);
        List<String> wrong = StoredOnce.faults(app, Messages.SPANS, accepted);
        faults.addAll(wrong);
        if (counts) {
            report.row(
                    processes,
                    Integer.toString(count),
                    Rounds.number(count / seconds),
                    Rounds.number(seconds),
                    Integer.toString(load.elsewhere()),
                    wrong.isEmpty() ? "0" : wrong.toString());
        }
        System.out.printf("%s processes: %.1f items/s, wrong: %s%n", processes, count / seconds, wrong);
    }

    private void start() throws IOException, InterruptedException {
        Path folder = Path.of(
                "target", "bench", "data", "worker-" + ProcessHandle.current().pid() + "-" + workers.size());
        var worker = new ServiceProcess(folder, List.of("-Xmx384m"), settings);
        workers.add(worker);
        worker.start(START);
        var shunt = new Shunt(worker.url());
        long end = System.nanoTime() + START.toNanos();
        while (!shunt.unready().isEmpty()) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("worker is not ready: " + shunt.unready());
            }
            Thread.sleep(200);
        }
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                .inheritIO()
                .start()
                .waitFor();
    }
}
