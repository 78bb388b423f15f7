package dev.shunt.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Real requests through a whole rollout and a rollback, checked by a book of its own. */
final class Demo {

    static final String PROJECT = "demo";

    private static final Duration START_WITHIN = Duration.ofMinutes(3);
    private static final Duration QUIET_WITHIN = Duration.ofMinutes(2);

    /**
     * @param traces how many are sent, at least one per phase
     * @param seed of ids, order and repeats; the same seed sends the same contents in the same order
     * @param perSecond how fast they are sent
     * @param kill whether the service is killed and started anew in the middle
     */
    record Settings(int traces, long seed, int perSecond, boolean kill) {
        Settings {
            if (traces < Phase.PLAN.size()) {
                throw new DemoFailure("--traces must be at least " + Phase.PLAN.size() + ", was " + traces);
            }
            if (perSecond < 1) {
                throw new DemoFailure("--rate must be at least 1, was " + perSecond);
            }
        }
    }

    private final Settings settings;
    private final ServiceProcess service;
    private final PrintWriter out;
    private final Shunt shunt;
    private final Book book = new Book();
    private final StoreAudit audit;

    Demo(Settings settings, ServiceProcess service, PrintWriter out) {
        this.settings = settings;
        this.service = service;
        this.out = out;
        this.shunt = new Shunt(service.url());
        this.audit = new StoreAudit(this::database, PROJECT);
    }

    /** Runs it and prints the report; the service is left running. */
    int run() throws IOException, InterruptedException, SQLException {
        service.start(START_WITHIN);
        Shunt.Backends backends = shunt.backends();
        var report = new Report(out);
        report.backends(backends);
        awaitRoutes();
        sendAll();
        awaitChecks();

        var costs = new CostSheet(PriceList.published());
        book.acceptedTraces().forEach(costs::add);
        Map<String, CostRow> stored = audit.costSummary();
        Verdict verdict = Verdict.of(book, Phase.PLAN, audit.ledger(), audit.storedSpans(), costs.rows(), stored);
        List<Report.Divergence> divergences = Report.Divergence.of(shunt.get("/api/v1/divergences/groups"));
        report.phases(verdict, book.repeats());
        report.costs(costs.rows(), stored, verdict.differences());
        report.divergences(divergences);
        book.complaints().forEach(complaint -> out.println("Wrong answer: " + complaint));
        return judge(verdict, divergences);
    }

    /** A server that was started a moment ago needs another one before it takes workflows. */
    private void awaitRoutes() throws IOException, InterruptedException {
        Instant giveUp = Instant.now().plus(START_WITHIN);
        for (String unready = shunt.unready(); !unready.isEmpty(); unready = shunt.unready()) {
            if (Instant.now().isAfter(giveUp)) {
                throw new DemoFailure("A route did not come up within " + START_WITHIN.toSeconds() + " s: " + unready);
            }
            Thread.sleep(200);
        }
    }

    private int judge(Verdict verdict, List<Report.Divergence> divergences) {
        boolean conserved = verdict.nothingLost()
                && verdict.nothingTwice()
                && book.complaints().isEmpty();
        verdict.extra().forEach(id -> out.println("Stored but never sent: " + id));
        if (!conserved) {
            out.println("FAILED: traces were lost, doubled or wrongly answered.");
            return DemoCommand.LOST_OR_TWICE;
        }
        if (!divergences.isEmpty()) {
            out.println("Nothing lost, nothing twice; the routes DIVERGE: "
                    + divergences.getFirst().path() + ".");
            return DemoCommand.DIVERGED;
        }
        if (!verdict.differences().isEmpty()) {
            out.println(
                    "FAILED: the cost summary is not what the requests lead to, and the comparator did not say so.");
            return DemoCommand.LOST_OR_TWICE;
        }
        out.println("Nothing lost, nothing twice, sums equal to the last digit, no divergence.");
        return DemoCommand.ALL_WELL;
    }

    private void sendAll() throws IOException, InterruptedException, SQLException {
        var progress = new ProgressBar(out, settings.traces(), ProgressBar.onTerminal());
        try (var sender = new Sender(shunt, PROJECT, book)) {
            var run = new PhaseRun(
                    Recordings.published(settings.seed()),
                    sender,
                    book,
                    new SplittableRandom(settings.seed()),
                    settings.perSecond(),
                    progress);
            int left = settings.traces();
            for (int i = 0; i < Phase.PLAN.size(); i++) {
                Phase phase = Phase.PLAN.get(i);
                int count = left / (Phase.PLAN.size() - i);
                left -= count;
                shunt.setPercentage(phase.percentage());
                run.send(phase, count, midway(phase, progress));
                awaitQuiet();
            }
        }
        progress.end();
    }

    private @Nullable Callable<?> midway(Phase phase, ProgressBar progress) {
        if (phase.rollback()) {
            return () -> {
                Instant asked = Instant.now();
                JsonNode answer = shunt.rollback();
                progress.say("rollback in mid-flow: answered after %d ms, stopped %s, in flight %d"
                        .formatted(
                                Duration.between(asked, Instant.now()).toMillis(),
                                answer.path("stopped").asBoolean(),
                                answer.path("inFlight").asLong(-1)));
                return answer;
            };
        }
        if (settings.kill() && phase.percentage() == 100) {
            return () -> {
                service.kill9();
                progress.say("kill -9 in mid-flow; starting again on the same folder");
                service.start(START_WITHIN);
                progress.say("the service answers again");
                return phase;
            };
        }
        return null;
    }

    private void awaitQuiet() throws IOException, InterruptedException, SQLException {
        Instant giveUp = Instant.now().plus(QUIET_WITHIN);
        while (audit.unfinished(book.acceptedTraces().size()) > 0
                && Instant.now().isBefore(giveUp)) {
            Thread.sleep(200);
        }
    }

    /** Until the comparator has verified every item, and the sums once more after the last commit. */
    private void awaitChecks() throws IOException, InterruptedException {
        Instant quietSince = Instant.now();
        Instant giveUp = quietSince.plus(QUIET_WITHIN);
        JsonNode checker = checker();
        while (checker.path("backlog").asLong(1) > 0 || !checkedAfter(quietSince, checker)) {
            if (Instant.now().isAfter(giveUp)) {
                throw new DemoFailure(
                        "The comparator was not done within " + QUIET_WITHIN.toSeconds() + " s: " + checker);
            }
            Thread.sleep(500);
            checker = checker();
        }
    }

    private JsonNode checker() throws IOException, InterruptedException {
        return shunt.get("/api/v1/comparison/trace").path("checker");
    }

    private static boolean checkedAfter(Instant time, JsonNode checker) {
        JsonNode last = checker.path("lastCheckedAt");
        return last.isString() && Instant.parse(last.stringValue()).isAfter(time);
    }

    private Connection database() throws SQLException {
        try {
            return DriverManager.getConnection(shunt.backends().jdbcUrl(), "shunt", service.databasePassword());
        } catch (IOException e) {
            throw new SQLException("the service does not say where its database is", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted", e);
        }
    }
}
