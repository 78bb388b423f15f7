package dev.shunt.comparison.gates;

import dev.shunt.comparison.CustomQuery;
import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateOutcome;
import dev.shunt.comparison.GateQuestion;
import dev.shunt.comparison.GateSpec;
import dev.shunt.comparison.Gates;
import dev.shunt.comparison.Verdict;
import dev.shunt.core.Seldom;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.store.GateDoubts;
import dev.shunt.store.GateReads;
import dev.shunt.store.GateReads.Scope;
import dev.shunt.store.GateRecords;
import dev.shunt.store.LedgerReports;
import dev.shunt.store.WatchPasses;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gates over the ledger. One rollout of each workload is followed at a time; looks of one workload take turns. */
final class LedgerGates implements Gates {

    private static final Logger log = LoggerFactory.getLogger(LedgerGates.class);
    private static final Duration KEEP_EVIDENCE = Duration.ofMinutes(1);

    /** What made a FAIL must outlive this instance. */
    private static final Duration KEEP_FAILED = Duration.ofSeconds(1);

    /** Gates that need to know how long an item took on legacy. */
    private static final Set<String> LATENCY = Set.of(GateSpec.TAIL, GateSpec.BULK);

    private final GateReads reads;
    private final GateDoubts doubts;
    private final WatchPasses passes;
    private final LedgerReports ledger;
    private final GateRecords records;
    private final VerdictBook book;
    private final WorkloadCatalog catalog;
    private final GateSettings settings;
    private final Answers answers;
    private final Clock clock;
    private final boolean legacyElsewhere;
    private final BooleanSupplier leads;
    private final Map<Workload, Followed> followed = new ConcurrentHashMap<>();
    private final Seldom failing = new Seldom();

    LedgerGates(
            GateReads reads,
            GateDoubts doubts,
            WatchPasses passes,
            LedgerReports ledger,
            GateRecords records,
            VerdictBook book,
            WorkloadCatalog catalog,
            GateSettings settings,
            boolean legacyElsewhere,
            BooleanSupplier leads,
            Clock clock) {
        this.reads = reads;
        this.doubts = doubts;
        this.passes = passes;
        this.ledger = ledger;
        this.records = records;
        this.book = book;
        this.catalog = catalog;
        this.settings = settings;
        this.answers = new Answers(clock);
        this.legacyElsewhere = legacyElsewhere;
        this.leads = leads;
        this.clock = clock;
    }

    /** What is followed of a workload. */
    private final class Followed {
        private @Nullable Progress progress;
        private @Nullable LedgerReading reading;
        private Divergent divergent = nothingRead();
        private Instant keptAt = Instant.EPOCH;
        /** The cursor of what is kept of the rollout, as far as it was read or written here; null: neither. */
        private @Nullable Instant keptCursor;
    }

    @Override
    public Verdict evaluate(GateQuestion question) {
        Followed mine = followed.computeIfAbsent(question.workload(), unseen -> new Followed());
        Verdict verdict;
        synchronized (mine) {
            verdict = judge(question, mine);
        }
        book.made(verdict);
        return verdict;
    }

    private Verdict judge(GateQuestion question, Followed mine) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS); // as Postgres keeps it
        String stale = read(question, mine);
        List<GateFinding> findings = new ArrayList<>();
        for (GateSpec spec : question.gates()) {
            findings.add(finding(spec, question, mine, stale, now));
        }
        if (stale == null) {
            boolean failed = findings.stream().anyMatch(finding -> finding.outcome() == GateOutcome.FAIL);
            keepEvidence(question, mine, now, failed ? KEEP_FAILED : KEEP_EVIDENCE);
        }
        return new Verdict(
                UUID.randomUUID().toString(),
                question.workload(),
                question.rollout(),
                question.phase(),
                question.epoch(),
                now,
                Verdict.together(findings),
                findings);
    }

    /** @return why nothing may be judged; null if it may */
    private @Nullable String read(GateQuestion question, Followed mine) {
        try {
            Progress progress = follow(question, mine);
            if (progress.isOver(question)) {
                return "phase " + question.phase() + " is over, the rollout is in phase " + progress.phase;
            }
            LedgerReading reading = mine.reading;
            if (reading == null) {
                return "the ledger was not read yet";
            }
            if (question.gates().stream().anyMatch(spec -> LATENCY.contains(spec.name()))) {
                reading.freeze(progress, question.phaseStartedAt(), records, settings.thresholdItems());
            }
            String behind = reading.read(progress);
            return behind == null ? silent(question, progress) : behind;
        } catch (RuntimeException failure) {
            Object cause = failure instanceof UnavailableException ? String.valueOf(failure.getMessage()) : failure;
            failing.log(more -> log.warn(
                    "The gates of {} cannot read ({} more times before) and say NO_DATA: {}",
                    question.workload(),
                    more,
                    cause));
            return "the ledger cannot be read (" + failure.getMessage() + ")";
        }
    }

    private @Nullable String silent(GateQuestion question, Progress progress) {
        Instant newest = progress.newest == null || progress.newest.isBefore(question.phaseStartedAt())
                ? question.phaseStartedAt()
                : progress.newest;
        Duration silence = Duration.between(newest, progress.cursor);
        return silence.compareTo(settings.staleAfter()) > 0
                ? "no item was recorded for " + silence.toMinutes() + " min, since " + newest
                : null;
    }

    /**
     * Whatever was kept since it was read or written here is another instance's, which has seen what this one has not, for
     * example a FAIL that stays: this one goes on from there. Each look asks, also of who leads: it may have led before,
     * and others since. A phase that is over is not followed, and nothing is begun for it.
     */
    private Progress follow(GateQuestion question, Followed mine) {
        Progress before = mine.progress;
        boolean same = before != null && before.rollout.equals(question.rollout());
        Optional<String> kept = records.evidence(question.rollout(), same ? mine.keptCursor : null);
        Progress progress = before != null && same && kept.isEmpty()
                ? before
                : kept.map(json -> Progress.resume(question, json)).orElseGet(() -> Progress.begin(question));
        if (progress.isOver(question)) {
            return progress;
        }
        if (progress != before) {
            begin(mine, question, progress);
            mine.keptCursor = kept.isPresent() ? progress.cursor : null;
        }
        progress.follow(question);
        return progress;
    }

    private void begin(Followed mine, GateQuestion question, Progress progress) {
        var scope = new Scope(
                question.workload(),
                question.rolloutStartedAt(),
                !catalog.of(question.workload()).routingKey().equals("trace"));
        mine.reading = new LedgerReading(scope, reads, ledger);
        mine.divergent = nothingRead();
        mine.progress = progress;
    }

    private Divergent nothingRead() {
        return new Divergent(reads, doubts, passes, settings.slowReads());
    }

    private GateFinding finding(
            GateSpec spec, GateQuestion question, Followed mine, @Nullable String stale, Instant now) {
        Progress progress = mine.progress;
        LedgerReading reading = mine.reading;
        if (progress == null || reading == null || !progress.follows(question)) {
            return Judges.judge(spec, GateJson.with(new Facts().with("stale", stale), spec));
        }
        boolean alone = Progress.alone(question);
        var source = new TallyFacts(
                progress.tally,
                settings,
                progress.control,
                alone,
                Progress.effective(question),
                question.minimumItems(),
                progress.peaks,
                stale);
        Facts facts = GateJson.with(source.of(spec), spec);
        CustomQuery query = spec.query();
        if (query != null) {
            Answers.Answer answer = answers.newest(query);
            facts.with("value", answer.value()).with("problem", answer.problem());
        } else if (spec.name().equals(GateSpec.DIVERGENCE) && stale == null) {
            try {
                mine.divergent.add(facts, progress, reading.scope(), question, now);
            } catch (UnavailableException away) {
                facts.with("stale", "what differs cannot be read (" + away.getMessage() + ")");
            }
        }
        GateFinding finding = Judges.judge(spec, facts);
        if (stale == null && !facts.has("stale")) {
            progress.peaks.merge(spec.name(), TallyFacts.log(spec, facts), Math::max);
        }
        return finding;
    }

    /**
     * Only the leader keeps it, as others have looked seldom; and only in the place of what it goes on from. If another has
     * kept meanwhile, the next look reads that.
     */
    private void keepEvidence(GateQuestion question, Followed mine, Instant now, Duration pause) {
        Progress progress = mine.progress;
        LedgerReading reading = mine.reading;
        if (progress == null
                || reading == null
                || !leads.getAsBoolean()
                || Duration.between(mine.keptAt, now).compareTo(pause) < 0) {
            return;
        }
        try {
            String evidence = progress.keep(reading.counted(progress));
            if (records.keepEvidence(question.workload(), question.rollout(), mine.keptCursor, evidence)) {
                mine.keptAt = now;
                mine.keptCursor = progress.cursor;
            }
        } catch (UnavailableException away) {
            log.debug("The evidence of {} is kept at the next look", question.workload(), away);
        }
    }

    @Override
    public void keep(Verdict verdict) {
        book.keep(verdict, true);
    }

    @Override
    public Verdict recorded(String id) {
        return book.find(id).orElseThrow(() -> new NoSuchElementException("no verdict " + id + " was kept"));
    }

    @Override
    public Optional<Verdict> latest(String rollout) {
        return book.latest(rollout);
    }

    @Override
    public List<String> problems(List<GateSpec> gates) {
        List<String> problems = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (GateSpec spec : gates) {
            if (!names.add(spec.name())) {
                problems.add("gate " + spec.name() + " is named twice");
            }
            if (legacyElsewhere && LATENCY.contains(spec.name())) {
                problems.add("gate " + spec.name() + " has no source: with shunt.legacy.consumer=external nobody knows"
                        + " when the legacy worker stored an item");
            }
        }
        return problems;
    }
}
