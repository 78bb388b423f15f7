package dev.shunt.comparison;

import dev.shunt.comparison.ItemReport.Line;
import dev.shunt.core.InFlight;
import dev.shunt.core.InFlight.Entry;
import dev.shunt.core.ItemKey;
import dev.shunt.core.ResultAudit;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.store.ItemRecords;
import dev.shunt.store.ItemRecords.Dead;
import dev.shunt.store.LedgerRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what became of one subject's items: the ledger first, then the acceptance book, then the dead letters. */
public final class ItemReports {

    private static final Logger log = LoggerFactory.getLogger(ItemReports.class);

    private final ItemRecords records;
    private final InFlight inFlight;
    private final Map<Workload, ResultAudit> audits;

    ItemReports(ItemRecords records, InFlight inFlight, Map<Workload, ResultAudit> audits) {
        this.records = records;
        this.inFlight = inFlight;
        this.audits = Map.copyOf(audits);
    }

    /**
     * @return empty if nothing was ever accepted or stored about this subject
     * @throws IllegalArgumentException if the workload is not known
     * @throws UnavailableException if Postgres cannot be read
     */
    public Optional<ItemReport> find(Workload workload, String project, String subject) {
        ResultAudit audit = audit(workload);
        String subjectKey = ItemKey.of(project, subject, "0".repeat(16)).subjectKey();
        // the book before the ledger: an item that is settled in between is found there
        List<Entry> booked = booked(workload, subjectKey);
        Map<ItemKey, Line> lines = new LinkedHashMap<>();
        List<Dead> dead = records.deadLetters(workload, subjectKey);
        for (LedgerRow row : records.ofSubject(workload, project, subject)) {
            lines.put(row.key(), ItemLines.of(row, latest(dead, row.key())));
        }
        booked.forEach(entry -> lines.computeIfAbsent(entry.key(), key -> ItemLines.of(entry, latest(dead, key))));
        dead.forEach(letter -> lines.computeIfAbsent(letter.key(), key -> ItemLines.of(letter)));
        Optional<String> stored = audit.stored(project, subject);
        if (lines.isEmpty() && stored.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new ItemReport(workload.name(), project, subject, List.copyOf(lines.values()), stored.orElse(null)));
    }

    private List<Entry> booked(Workload workload, String subjectKey) {
        try {
            return inFlight.ofSubject(workload, subjectKey).stream()
                    .sorted((one, other) -> one.acceptedAt().compareTo(other.acceptedAt()))
                    .toList();
        } catch (UnavailableException away) {
            log.warn(
                    "The acceptance book of {} cannot be read: {}. Items of {} are reported without it",
                    workload,
                    away.getMessage(),
                    subjectKey);
            return List.of();
        }
    }

    private static Optional<Dead> latest(List<Dead> dead, ItemKey key) {
        return dead.stream().filter(letter -> letter.key().equals(key)).reduce((older, newer) -> newer);
    }

    private ResultAudit audit(Workload workload) {
        ResultAudit audit = audits.get(workload);
        if (audit == null) {
            throw new IllegalArgumentException("no workload '" + workload + "'; known: "
                    + audits.keySet().stream().map(Workload::name).sorted().toList());
        }
        return audit;
    }
}
