package dev.shunt.workloads.trace;

import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.ResultAudit.Accepted;
import java.util.List;
import java.util.Set;

/** Compares what one item stored with the evidence of its input, and its costs with the price table. */
final class ItemCheck {

    private ItemCheck() {}

    /** @param strangers item keys that nobody accepted */
    static List<Divergence> run(Accepted item, StoredItem stored, PricesInForce prices, Set<String> strangers) {
        var findings = new Findings(item);
        TraceMessage trace = stored.trace();
        if (trace == null) {
            findings.missing("trace", "accepted at " + item.acceptedAt());
            return findings.found();
        }
        boolean alone = stored.wroteTrace() && stored.others().isEmpty();
        if (!alone || !EvidenceMatch.holds(item.evidence(), trace)) {
            compare(item, stored, trace, findings);
        }
        stored.spans().forEach(span -> costs(findings, span, ExpectedCost.of(span, prices)));
        stored.others().forEach((span, other) -> {
            if (strangers.contains(other.item())) {
                findings.add(Kind.EXTRA, "spans[" + span + "]", null, "stored by " + other.item());
            }
        });
        return findings.found();
    }

    private static void compare(Accepted item, StoredItem stored, TraceMessage trace, Findings findings) {
        Evidence.parse(item.evidence())
                .ifPresentOrElse(
                        evidence -> content(findings, evidence, stored, trace),
                        // nothing to compare with is not the same as nothing to complain about
                        () -> findings.add(Kind.VALUE, "evidence", "digests of the input", item.evidence()));
    }

    private static void content(Findings findings, Evidence evidence, StoredItem stored, TraceMessage trace) {
        EvidenceCheck.compare(
                        evidence, trace, !stored.wroteTrace(), stored.others().keySet())
                .forEach(difference -> findings.add(
                        difference.kind(), difference.path(), null, StoredFields.value(trace, difference.path())));
    }

    private static void costs(Findings findings, StoredSpan stored, ExpectedCost expected) {
        if (expected.isThatOf(stored)) {
            return;
        }
        String path = "spans[" + stored.span().id() + "].";
        findings.compare(path + "price_state", expected.state(), stored.priceState());
        findings.compareAmount(path + "input_cost", expected.input(), stored.inputCost());
        findings.compareAmount(path + "output_cost", expected.output(), stored.outputCost());
        findings.compareAmount(path + "total_cost", expected.total(), stored.totalCost());
        findings.compare(path + "summarised", true, stored.summarised());
    }
}
