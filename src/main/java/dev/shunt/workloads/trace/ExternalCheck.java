package dev.shunt.workloads.trace;

import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.ItemKey;
import dev.shunt.core.ResultAudit.Accepted;
import dev.shunt.workloads.trace.ExternalRows.CostedSpan;
import dev.shunt.workloads.trace.ExternalRows.Stored;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a worker outside stored of each item with the evidence of its input, and its costs with its price list.
 * Never flagged: ids that it generates, its own times, order of keys, scale of numbers, JSON null for no value.
 */
final class ExternalCheck {

    private final ExternalTables tables;
    private final ExternalRows rows;
    private final ExternalColumns columns;
    private final Predicate<String> confirmed;

    /** @param confirmed whether a finding at this path that may be something half done counts */
    ExternalCheck(ExternalTables tables, Predicate<String> confirmed) {
        this.confirmed = confirmed;
        this.tables = tables;
        this.rows = new ExternalRows(tables);
        this.columns = new ExternalColumns(tables.names());
    }

    /** One entry for each item. */
    Map<ItemKey, List<Divergence>> run(Connection connection, List<Accepted> items) throws SQLException {
        @Nullable ExternalPrices prices = columns.costs() ? ExternalPrices.read(connection, tables) : null;
        Map<String, Stored> stored =
                rows.read(connection, items.stream().map(Accepted::key).toList());
        Map<ItemKey, List<Divergence>> found = new LinkedHashMap<>();
        for (Accepted item : items) {
            found.put(item.key(), check(item, stored.get(item.key().subjectKey()), prices));
        }
        return found;
    }

    private List<Divergence> check(Accepted item, @Nullable Stored stored, @Nullable ExternalPrices prices) {
        var findings = new Findings(item);
        if (stored == null) {
            findings.missing("trace", "accepted at " + item.acceptedAt());
            return findings.found();
        }
        Optional<Evidence> evidence = Evidence.parse(item.evidence());
        if (evidence.isEmpty()) {
            findings.add(Kind.VALUE, "evidence", "digests of the input", item.evidence());
        } else {
            EvidenceCheck.compare(evidence.get(), stored.trace(), false, Set.of())
                    .forEach(difference -> findings.add(
                            difference.kind(),
                            difference.path(),
                            null,
                            StoredFields.value(stored.trace(), difference.path())));
        }
        if (columns.sessionUsers()) {
            sessionUser(findings, stored);
        }
        if (prices != null) {
            stored.spans().forEach(span -> costs(findings, span, prices.cost(span, item.acceptedAt())));
        }
        return findings.found();
    }

    /** A session keeps the first user it saw: after this trace it has one, and one that some trace of it brought. */
    private void sessionUser(Findings findings, Stored stored) {
        TraceMessage trace = stored.trace();
        if (trace.sessionId() == null) {
            return;
        }
        String path = "sessions[" + trace.projectId() + "/" + trace.sessionId() + "].user_id";
        if (stored.sessionUser() == null) {
            if (trace.userId() != null) {
                findings.add(Kind.VALUE, path, trace.userId(), null);
            }
        } else if (!stored.sessionUserKnown() && confirmed.test(path)) {
            findings.add(Kind.VALUE, path, "a user of one of its traces", stored.sessionUser());
        }
    }

    private static void costs(Findings findings, CostedSpan span, Optional<ExternalPrices.Cost> cost) {
        String path = "spans[" + span.span().id() + "].";
        compare(findings, path + "input_cost", cost.map(ExternalPrices.Cost::input), span.inputCost());
        compare(findings, path + "output_cost", cost.map(ExternalPrices.Cost::output), span.outputCost());
        compare(findings, path + "total_cost", cost.map(ExternalPrices.Cost::total), span.totalCost());
    }

    private static void compare(
            Findings findings, String path, Optional<BigDecimal> expected, @Nullable BigDecimal actual) {
        findings.compareAmount(path, expected.orElse(null), actual);
    }
}
