package dev.shunt.cli;

import dev.shunt.embedded.faults.Fault;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Real requests through a whole rollout and a rollback, checked by a book of its own. */
final class Demo {

    private static final Duration QUIET_WITHIN = Duration.ofMinutes(2);
    private static final Duration PAIRS_WITHIN = Duration.ofMinutes(2);

    /**
     * @param traces how many are sent, at least one per phase
     * @param seed of ids, order and repeats; the same seed sends the same contents in the same order
     * @param perSecond how fast they are sent
     * @param kill whether the service is killed and started anew in the middle
     * @param fault what is planted; null for nothing
     * @param shadow percentage of items that are processed a second time
     * @param mode by which route
     * @param varied whether half of the traces have content that is made up
     */
    record Settings(
            int traces,
            long seed,
            int perSecond,
            boolean kill,
            @Nullable Fault fault,
            int shadow,
            ShadowMode mode,
            boolean varied) {
        Settings {
            if (traces < Phase.PLAN.size()) {
                throw new DemoFailure("--traces must be at least " + Phase.PLAN.size() + ", was " + traces);
            }
            if (perSecond < 1) {
                throw new DemoFailure("--rate must be at least 1, was " + perSecond);
            }
            if (shadow < 0 || shadow > 100) {
                throw new DemoFailure("--shadow must be 0..100, was " + shadow);
            }
        }
    }

    /** Which route processes an item a second time; named as on the command line. */
    enum ShadowMode {
        other("OTHER_ROUTE"),
        same("SAME_ROUTE");

        private final String word;

        ShadowMode(String word) {
            this.word = word;
        }
    }

    private final Settings settings;
    private final DemoService service;
    private final PrintWriter out;
    private final Path reportFile;
    private final Instant begun = Instant.now();
    private final Shunt shunt;
    private final Book book = new Book();
    private final StoreAudit audit;

    /** @param reportFile where the comparator's own report goes */
    Demo(Settings settings, DemoService service, Path reportFile, PrintWriter out) {
        this.reportFile = reportFile;
        this.settings = settings;
        this.service = service;
        this.out = out;
        this.shunt = service.shunt();
        this.audit = new StoreAudit(service::database, service.project());
    }

    /** Runs it and prints the report; the service is left running. */
    int run() throws IOException, InterruptedException, SQLException {
        service.start();
        Shunt.Backends backends = shunt.backends();
        var report = new Report(out);
        report.backends(backends);
        awaitRoutes();
        if (settings.shadow() > 0) {
            shunt.setShadow(settings.shadow(), settings.mode().word);
        }
        sendAll();
        awaitPairs();
        awaitChecks();
        awaitFault();

        var costs = new CostSheet(PriceList.published());
        book.acceptedTraces().forEach(costs::add);
        Map<String, CostRow> stored = audit.costSummary();
        if (settings.shadow() > 0) {
            report.pairs(pairs());
        }
        Verdict verdict = Verdict.of(book, Phase.PLAN, audit.ledger(), audit.storedSpans(), costs.rows(), stored);
        List<Report.Divergence> divergences = divergences();
        report.phases(verdict, book.repeats());
        report.costs(costs.rows(), stored, verdict.differences());
        report.divergences(divergences);
        book.complaints().forEach(complaint -> out.println("Wrong answer: " + complaint));
        ReportCommand.write(shunt, "trace", begun, Instant.now().plusSeconds(1), ReportCommand.Format.HTML, reportFile);
        out.println("Report: " + reportFile.toAbsolutePath());
        return judge(verdict, divergences);
    }

    /** A server that was started a moment ago needs another one before it takes workflows. */
    private void awaitRoutes() throws IOException, InterruptedException {
        Instant giveUp = Instant.now().plus(DemoService.START_WITHIN);
        for (String unready = shunt.unready(); !unready.isEmpty(); unready = shunt.unready()) {
            if (Instant.now().isAfter(giveUp)) {
                throw new DemoFailure(
                        "A route did not come up within " + DemoService.START_WITHIN.toSeconds() + " s: " + unready);
            }
            Thread.sleep(200);
        }
    }

    private int judge(Verdict verdict, List<Report.Divergence> divergences) throws IOException, InterruptedException {
        Fault fault = settings.fault();
        if (fault != null) {
            return judge(fault, divergences);
        }
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
        return matching();
    }

    /** The comparator's own last word; where it cannot say yes, all is not well. */
    private int matching() throws IOException, InterruptedException {
        JsonNode verdict = shunt.get("/api/v1/comparison/trace/report?format=json&from=" + begun)
                .path("verdict");
        out.println("Made of: " + verdict.path("basis").asString("") + ".");
        verdict.path("because").forEach(why -> out.println("  " + why.asString("")));
        out.println(verdict.path("sentence").asString("no verdict"));
        return verdict.path("word").asString("").equals("MATCHING") ? DemoCommand.ALL_WELL : DemoCommand.LOST_OR_TWICE;
    }

    /** With a fault only one thing counts: whether the comparator shows it. */
    private int judge(Fault fault, List<Report.Divergence> divergences) {
        String planted = "Planted: " + fault.label() + (fault.row().isEmpty() ? "" : " (" + fault.row() + ")") + ", "
                + fault.sentence() + ".";
        out.println(planted);
        Optional<Report.Divergence> sign = sign(fault, divergences);
        if (sign.isEmpty()) {
            out.println("FAILED: the comparator did not show it as "
                    + fault.signs().getFirst().kind() + " at "
                    + fault.signs().getFirst().path() + ".");
            return DemoCommand.LOST_OR_TWICE;
        }
        Report.Divergence found = sign.get();
        out.println("Found as " + found.kind() + " at " + found.pattern() + ", " + found.count() + " times, first at "
                + found.path() + ". The routes DIVERGE.");
        return DemoCommand.DIVERGED;
    }

    private static Optional<Report.Divergence> sign(Fault fault, List<Report.Divergence> divergences) {
        return divergences.stream()
                .filter(found -> fault.isShownAs(found.kind(), found.pattern()))
                .findFirst();
    }

    private List<Report.Divergence> divergences() throws IOException, InterruptedException {
        String window = service.shared() ? "?from=" + begun : "";
        return Report.Divergence.of(shunt.get("/api/v1/divergences/groups" + window));
    }

    /** What was changed after it was verified is found by the next walk over everything. */
    private void awaitFault() throws IOException, InterruptedException {
        Fault fault = settings.fault();
        Instant giveUp = Instant.now().plus(QUIET_WITHIN);
        while (fault != null
                && sign(fault, divergences()).isEmpty()
                && Instant.now().isBefore(giveUp)) {
            Thread.sleep(500);
        }
    }

    private void sendAll() throws IOException, InterruptedException, SQLException {
        var progress = new ProgressBar(out, settings.traces(), ProgressBar.onTerminal());
        try (var sender = new Sender(service, book)) {
            var run = new PhaseRun(
                    settings.varied() ? Recordings.varied(settings.seed()) : Recordings.published(settings.seed()),
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
                progress.say("kill -9 in mid-flow; starting again on the same folder");
                service.restart();
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

    /** Until none waits; a busy machine may take its time as long as it goes on. */
    private void awaitPairs() throws IOException, InterruptedException {
        long left = Long.MAX_VALUE;
        Instant giveUp = Instant.now();
        while (settings.shadow() > 0) {
            long now = pairs().path("waiting").asLong(0);
            if (now == 0) {
                return;
            }
            if (now < left) {
                left = now;
                giveUp = Instant.now().plus(PAIRS_WITHIN);
            }
            if (Instant.now().isAfter(giveUp)) {
                throw new DemoFailure(
                        "No shadow pair has ended for " + PAIRS_WITHIN.toSeconds() + " s; still waiting: " + pairs());
            }
            Thread.sleep(500);
        }
    }

    private JsonNode pairs() throws IOException, InterruptedException {
        return shunt.get("/api/v1/comparison/trace").path("pairs");
    }

    private JsonNode checker() throws IOException, InterruptedException {
        return shunt.get("/api/v1/comparison/trace").path("checker");
    }

    private static boolean checkedAfter(Instant time, JsonNode checker) {
        JsonNode last = checker.path("lastCheckedAt");
        return last.isString() && Instant.parse(last.stringValue()).isAfter(time);
    }
}
