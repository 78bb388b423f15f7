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
import org.jspecify.annotations.Nullable;

/**
 * Compares what a worker outside stored of each item with the evidence of its input, and its costs with its price list.
 * Never flagged: ids that it generates, its own times, order of keys, scale of numbers, JSON null for no value.
 */
final class ExternalCheck {

    private final ExternalTables tables;
    private final ExternalRows rows;

    ExternalCheck(ExternalTables tables) {
        this.tables = tables;
        this.rows = new ExternalRows(tables);
    }

    /** One entry for each item. */
    Map<ItemKey, List<Divergence>> run(Connection connection, List<Accepted> items) throws SQLException {
        boolean priced = !tables.names().prices().table().isEmpty();
        @Nullable ExternalPrices prices = priced ? ExternalPrices.read(connection, tables) : null;
        Map<String, Stored> stored =
                rows.read(connection, items.stream().map(Accepted::key).toList());
        Map<ItemKey, List<Divergence>> found = new LinkedHashMap<>();
        for (Accepted item : items) {
            found.put(item.key(), check(item, stored.get(item.key().subjectKey()), prices));
        }
        return found;
    }

    private static List<Divergence> check(Accepted item, @Nullable Stored stored, @Nullable ExternalPrices prices) {
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
        if (prices != null) {
            stored.spans().forEach(span -> costs(findings, span, prices.cost(span, item.acceptedAt())));
        }
        return findings.found();
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
